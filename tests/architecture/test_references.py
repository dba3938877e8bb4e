"""The page of references names every module of tests of methods, and no test that is not there."""

import ast
import re

from tests.support.sources import ROOT

PAGE = (ROOT / "docs" / "methods" / "references.md").read_text(encoding="utf-8")
MODULES = {
    path.name: path
    for folder in ("statistics", "privacy")
    for path in (ROOT / "tests" / "methods" / folder).glob("test_*.py")
}


def test_every_module_of_tests_of_methods_is_on_the_page() -> None:
    assert sorted(name for name in MODULES if f"`{name}" not in PAGE) == []


def test_every_test_on_the_page_exists() -> None:
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", PAGE)
    there = {
        (name, node.name)
        for name, path in MODULES.items()
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }

    assert len(named) > 0
    assert sorted(set(named) - there) == []
