"""Sizes and words that every module keeps (STYLE, Shape)."""

import ast

from tests.support.sources import PACKAGES, Module, code_lines, decorators, modules, statements

MOST_MODULE_LINES = 400
#: Without the docstring: words about a method must not compete with the method for room.
MOST_FUNCTION_LINES = 40
MOST_ASSET_STATEMENTS = 8
_ASSETS = {"dg.asset", "dg.multi_asset", "dg.asset_check", "dg.sensor", "dg.run_failure_sensor"}


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    too_long = [f"{m.path}: {m.n_lines}" for m in _all() if m.n_lines > MOST_MODULE_LINES]

    assert too_long == []


def test_no_function_has_more_than_forty_lines_below_its_docstring() -> None:
    too_long = [
        f"{module.path}: {function.name} {code_lines(function)}"
        for module in _all()
        for function in module.functions()
        if code_lines(function) > MOST_FUNCTION_LINES
    ]

    assert too_long == []


def test_bodies_of_assets_checks_and_sensors_are_thin() -> None:
    too_thick = [
        f"{module.path}: {function.name} {statements(function)}"
        for module in modules("assets", "pipelines")
        for function in module.functions()
        if decorators(function) & _ASSETS and statements(function) > MOST_ASSET_STATEMENTS
    ]

    assert too_thick == []


def test_no_asset_loops_or_computes_in_its_body() -> None:
    looping = [
        f"{module.path}: {function.name}"
        for module in modules("assets")
        for function in module.functions()
        if decorators(function) & _ASSETS
        for node in ast.walk(function)
        if isinstance(node, ast.For | ast.While)
    ]

    assert looping == []


def test_every_module_says_what_belongs_in_it() -> None:
    silent = [m.path for m in _all() if not ast.get_docstring(m.tree)]

    assert silent == []


def test_every_public_function_and_class_says_what_comes_out_of_it() -> None:
    silent = [
        f"{module.path}: {node.name}"
        for module in _all()
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]

    assert silent == []


def test_no_module_is_named_after_nothing() -> None:
    names = {"utils", "util", "helpers", "helper", "common", "misc", "tools"}

    nameless = [m.path for m in _all() if m.path.rsplit("/", 1)[-1].removesuffix(".py") in names]

    assert nameless == []


def _all() -> tuple[Module, ...]:
    return modules(*PACKAGES)
