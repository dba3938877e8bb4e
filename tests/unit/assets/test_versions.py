"""The program's version is a hash of what it is made of: every source and every shipped file."""

from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from assets import versions

SOURCES = {
    "data_contracts/contract.py": "a = 1",
    "data_contracts/codes/kind.csv": "code\nkiitos\n",
    "data_contracts/core.odcs.yaml": "id: core",
    "transforms/parse/sniff.py": "b = 1",
    "transforms/clean/times.py": "c = 1",
    "transforms/privacy/mask.py": "d = 1",
    "transforms/publish/pages.py": "e = 1",
    "transforms/publish/templates/page.html.jinja": "<p>",
    "assets/store.py": "f = 1",
    "assets/families.py": "g = 1",
    "assets/readers.py": "h = 1",
}
#: Words for people, which no figure and no page depends on.
WORDS_ALONE = (".md", ".LICENSE", ".NOTICE")


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for path, text in SOURCES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    monkeypatch.setattr(versions, "files", lambda package: tmp_path / package)
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    for version in (versions.code_version, versions.intake_version, versions.taxonomy_version):
        version.cache_clear()


def changed(tree: Path, path: str, version: Callable[[], str]) -> bool:
    """Whether a version changes when the file changes."""
    before = version()
    (tree / path).write_text("something else")
    forget()
    return version() != before


@pytest.mark.parametrize("path", SOURCES)
def test_the_program_s_version_changes_with_each_of_its_files(tree: Path, path: str) -> None:
    assert changed(tree, path, versions.code_version)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("data_contracts/contract.py", True),
        ("data_contracts/codes/kind.csv", True),
        ("transforms/parse/sniff.py", True),
        ("transforms/clean/times.py", True),
        ("transforms/privacy/mask.py", True),
        ("transforms/publish/pages.py", False),
        ("assets/families.py", True),
        ("assets/readers.py", True),
        ("assets/store.py", False),
    ],
)
def test_deliveries_are_read_again_only_when_what_reads_them_changes(
    tree: Path, path: str, expected: object
) -> None:
    assert changed(tree, path, versions.intake_version) is expected


def test_the_taxonomy_s_version_changes_with_the_code_lists_alone(tree: Path) -> None:
    assert not changed(tree, "data_contracts/contract.py", versions.taxonomy_version)
    assert changed(tree, "data_contracts/codes/kind.csv", versions.taxonomy_version)


def test_a_new_and_a_renamed_file_change_the_version(tree: Path) -> None:
    before = versions.code_version()
    (tree / "assets" / "store.py").rename(tree / "assets" / "shop.py")
    forget()

    assert versions.code_version() != before


def test_leftovers_of_the_interpreter_change_nothing(tree: Path) -> None:
    before = versions.code_version()
    (tree / "assets" / "__pycache__").mkdir()
    (tree / "assets" / "__pycache__" / "store.cpython-311.pyc").write_bytes(b"\x00")
    forget()

    assert versions.code_version() == before


def test_the_version_names_the_release() -> None:
    forget()

    assert versions.code_version().startswith("0.1.0+")


@pytest.mark.parametrize("package", ["data_contracts", "transforms", "assets"])
def test_every_kind_of_file_that_is_shipped_counts(package: str) -> None:
    root = Path(str(files(package)))
    shipped = {
        path.name
        for path in root.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }

    uncounted = {name for name in shipped if not name.endswith((*versions._ENDINGS, *WORDS_ALONE))}

    assert uncounted == set()
