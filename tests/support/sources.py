"""The project's own sources as syntax trees, for tests that hold its rules."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("data_contracts", "transforms", "assets", "pipelines", "demo_city")
PURE_ROOMS = ("data_contracts", "transforms")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One source file: its path below the root, its number of lines and its tree."""

    path: str
    n_lines: int
    tree: ast.Module

    def functions(self) -> Iterator[Function]:
        """Every function and method, inner ones too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


@cache
def modules(*packages: str) -> tuple[Module, ...]:
    """Every module of the packages, in order of path."""
    return tuple(
        _read(path) for package in packages for path in sorted((ROOT / package).rglob("*.py"))
    )


def code_lines(function: Function) -> int:
    """Lines of a function from its ``def`` to its end, without its docstring."""
    last = function.end_lineno or function.lineno
    return last - function.lineno + 1 - _docstring_lines(function)


def statements(function: Function) -> int:
    """Statements of a function's own body, without its docstring."""
    return len(function.body) - (ast.get_docstring(function) is not None)


def decorators(function: Function) -> set[str]:
    """Dotted names of what stands above a function, without arguments."""
    return {dotted(d.func if isinstance(d, ast.Call) else d) for d in function.decorator_list}


def dotted(node: ast.AST) -> str:
    """``a.b.c`` of a name or an attribute; what is called on the way is written as ``()``."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            return f"{dotted(value)}.{name}"
        case ast.Call(func=function):
            return f"{dotted(function)}()"
        case _:
            return "?"


def _read(path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    return Module(path.relative_to(ROOT).as_posix(), len(text.splitlines()), ast.parse(text))


def _docstring_lines(function: Function) -> int:
    if ast.get_docstring(function) is None:
        return 0
    first = function.body[0]
    return (first.end_lineno or first.lineno) - first.lineno + 1
