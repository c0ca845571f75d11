"""The house rules of code, held for every file of the package."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parents[2] / "wijkpeiling"
FEWER_LINES, MOST_LINES_OF_A_BODY, FEWER_UNNAMED = 350, 40, 10


class Function(NamedTuple):
    name: str
    is_private: bool
    body_lines: int
    is_unnamed: bool


def functions_of(tree: ast.Module, file: str) -> list[Function]:
    aliases = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return [
        Function(f"{file}: {name}", is_private, body_lines(node), is_unnamed_tuple(node.returns, aliases))
        for name, is_private, node in definitions(tree)
    ]


def definitions(parent: ast.AST, within: str = "", is_private: bool = False) -> Iterator:
    """Functions and methods; private by name, or for standing in a private class or in a function."""
    for node in ast.iter_child_nodes(parent):
        name, private = within, is_private
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name, private = f"{within}{node.name}", is_private or node.name.startswith("_")
            if not isinstance(node, ast.ClassDef):
                yield name, private, node
                private = True
            name += "."
        yield from definitions(node, name, private)


def body_lines(function: ast.FunctionDef) -> int:
    """Lines of a function without its signature and docstring."""
    first, *rest = function.body
    has_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and rest
    return function.end_lineno - (rest[0] if has_docstring else first).lineno + 1


def is_unnamed_tuple(returns: ast.expr | None, aliases: dict[str, ast.expr]) -> bool:
    """A tuple of which each place means something else: ``tuple[int, int]``, not ``tuple[int, ...]``."""
    if isinstance(returns, ast.Constant) and isinstance(returns.value, str):
        returns = ast.parse(returns.value, mode="eval").body
    if isinstance(returns, ast.BinOp):
        return is_unnamed_tuple(returns.left, aliases) or is_unnamed_tuple(returns.right, aliases)
    if isinstance(returns, ast.Name):
        if returns.id in aliases:
            return is_unnamed_tuple(aliases[returns.id], {})
        return returns.id == "tuple"
    if not isinstance(returns, ast.Subscript) or ast.unparse(returns.value) not in ("tuple", "Tuple", "typing.Tuple"):
        return False
    places = returns.slice.elts if isinstance(returns.slice, ast.Tuple) else [returns.slice]
    return not any(isinstance(place, ast.Constant) and place.value is ... for place in places)


FILES = {str(file.relative_to(PACKAGE)): file.read_text(encoding="utf-8") for file in sorted(PACKAGE.rglob("*.py"))}
FUNCTIONS = [function for file, text in FILES.items() for function in functions_of(ast.parse(text), file)]


def test_no_file_is_long():
    lines = {file: len(text.splitlines()) for file, text in FILES.items()}
    assert {file: count for file, count in lines.items() if count >= FEWER_LINES} == {}


def test_no_function_is_long():
    assert {f.name: f.body_lines for f in FUNCTIONS if f.body_lines > MOST_LINES_OF_A_BODY} == {}


def test_what_a_public_function_returns_has_names():
    assert [f.name for f in FUNCTIONS if f.is_unnamed and not f.is_private] == []


def test_few_private_functions_return_an_unnamed_tuple():
    private = [f.name for f in FUNCTIONS if f.is_unnamed and f.is_private]
    assert len(private) < FEWER_UNNAMED, private


MADE = '''
Pair = tuple[int, int]
def two() -> tuple[int, int]: ...
def maybe() -> tuple[int, str] | None: ...
def spelled() -> "tuple[int]": ...
def named() -> Pair: ...
def many() -> tuple[int, ...]: ...
def listed() -> list[tuple[int, int]]: ...
def _private() -> tuple[int, int]: ...
class Shown:
    def method(self) -> tuple: ...
class _Hidden:
    def method(self) -> tuple: ...
def long():
    """One
    and two."""
    def inner() -> tuple[int, int]: ...

    return inner
'''


def test_the_rules_see_what_they_are_to_hold():
    found = functions_of(ast.parse(MADE), "made")
    unnamed = ["two", "maybe", "spelled", "named", "_private", "Shown.method", "_Hidden.method", "long.inner"]
    assert [f.name.removeprefix("made: ") for f in found if f.is_unnamed] == unnamed
    assert [f.name.removeprefix("made: ") for f in found if f.is_unnamed and f.is_private] == [
        "_private",
        "_Hidden.method",
        "long.inner",
    ]
    assert {f.name: f.body_lines for f in found}["made: long"] == 3
