"""Pure rooms (data_contracts, transforms) read no clock, environment or file, and hide no chance.

What they may read is what lies in their own packages (``importlib.resources``): contracts, code
lists, templates. Voikko's dictionary is the one other thing, and it is named below.
"""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.support.sources import PURE_ROOMS, Module, dotted, modules

#: Modules whose import alone means clocks, environment, files, processes or hidden chance.
FORBIDDEN_IMPORTS = frozenset(
    [
        "glob",
        "locale",
        "logging",
        "os",
        "pathlib.Path",
        "random",
        "secrets",
        "shutil",
        "socket",
        "subprocess",
        "tempfile",
        "threading",
        "time",
        "uuid",
    ]
)
#: Reads of a package's own files need ``importlib.resources`` in the same module.
FILE_READS = frozenset({"read_bytes", "read_text", "write_bytes", "write_text", "iterdir"})
OWN_FILES = "importlib.resources.files"
CLOCKS = frozenset({"now", "utcnow", "today"})
SEEDED = frozenset({"default_rng", "Generator", "SeedSequence"})
#: What may follow ``np.random.default_rng(seed)`` in the same expression.
CHAINED = frozenset({"permutation", "choice", "integers", "normal"})
#: Handles of Voikko live one a thread: a shared one crashes the process (ARCHITECTURE, Voikko).
ALLOWED = {("transforms/text/lemmas.py", "threading")}


def test_pure_rooms_import_no_clock_no_environment_and_no_disk() -> None:
    found = {
        (module.path, name)
        for module in modules(*PURE_ROOMS)
        for name in imported(module)
        if name in FORBIDDEN_IMPORTS
    }

    assert found - ALLOWED == set()


def test_pure_rooms_ask_no_clock() -> None:
    found = [
        f"{module.path}:{call.lineno} {name}"
        for module, call, name in calls()
        if name.rsplit(".", 1)[-1] in CLOCKS and "." in name
    ]

    assert found == []


def test_pure_rooms_open_no_file_but_their_own_package_s() -> None:
    found = [
        f"{module.path}:{call.lineno} {name}"
        for module, call, name in calls()
        if name in {"open", "io.open", "codecs.open", "gzip.open"}
        or (name.rsplit(".", 1)[-1] in FILE_READS and OWN_FILES not in imported(module))
    ]

    assert found == []


def test_pure_rooms_scan_and_read_frames_from_bytes_alone() -> None:
    found = [
        f"{module.path}:{call.lineno} {name}"
        for module, call, name in calls()
        if name.startswith(("pl.scan_", "pl.read_database"))
        or (re.fullmatch(r"pl\.read_\w+", name) and is_a_name_in_quotes(call))
    ]

    assert found == []


def test_chance_in_pure_rooms_is_seeded() -> None:
    found = [
        f"{module.path}:{call.lineno} {name}"
        for module, call, name in calls()
        if (".random." in f".{name}" and name.rsplit(".", 1)[-1] not in SEEDED | CHAINED)
        or (name.endswith("default_rng") and not call.args)
        or (name.endswith((".shuffle", ".sample")) and not has_seed(call))
    ]

    assert found == []


@pytest.mark.parametrize("package", PURE_ROOMS)
def test_importing_a_pure_room_s_module_does_nothing(package: str) -> None:
    at_import = [
        f"{module.path}:{node.lineno}"
        for module in modules(package)
        for node in module.tree.body
        if isinstance(node, ast.For | ast.While | ast.With | ast.Try)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
    ]

    assert at_import == []


def imported(module: Module) -> set[str]:
    """Top-level names of imported modules, and ``module.name`` of what is taken from them."""
    names: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def calls() -> Iterator[tuple[Module, ast.Call, str]]:
    """Every call of the pure rooms with its dotted name."""
    for module in modules(*PURE_ROOMS):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call):
                yield module, node, dotted(node.func)


def is_a_name_in_quotes(call: ast.Call) -> bool:
    """Whether a call's first argument is a literal string: a path on disk."""
    return bool(call.args) and isinstance(call.args[0], ast.Constant | ast.JoinedStr)


def has_seed(call: ast.Call) -> bool:
    """Whether a call names its seed."""
    return "seed" in {keyword.arg for keyword in call.keywords}
