"""Every exit code and message, read from the code: ``make errors`` writes them to ``docs/errors.md``."""

import ast
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

from wijkpeiling.cli.main import INTERRUPTED, WRONG_USE
from wijkpeiling.errors import ERRORS_BY_NAME, WijkpeilingError

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "errors.md"
PACKAGE = ROOT / "wijkpeiling"
READER = "the reader's"
HEAD = """# Errors and exit codes

Made from the code by `make errors`; a test holds the two against each other. A gap stands between braces. Each message
goes on with where it was found, what was expected and what to do. An error that a notebook raises keeps its class and
code. A pair of waves that cannot be compared is a result with a reason, a row in `changes`, and does not stop a report;
a wave that asked something else is left out of a trend and named.

"""
CODES = {
    0: ("", "Done, or nothing to do."),
    WijkpeilingError.exit_code: ("", "A fault of the package, with a traceback."),
    WRONG_USE: ("", "Wrong use of an option."),
    **{error.exit_code: (name, (error.__doc__ or "").splitlines()[0]) for name, error in ERRORS_BY_NAME.items()},
    INTERRUPTED: ("", "Interrupted; nothing was written."),
}


class Maker(NamedTuple):
    """Whatever makes an error of its ``place``-th argument; what to do where a call does not say it."""

    error: str
    place: int = 0
    before: str = ""
    todo: str = ""


MAKERS = {name: Maker(name) for name in ERRORS_BY_NAME} | {
    "error": Maker(READER),
    "Fault": Maker("InstrumentError", 1, "{key}: ", "correct the key"),
    "ValueError": Maker(READER, 0, "{key}: Value error, ", "correct the key"),
    "ConstructorError": Maker(
        READER, 2, "broken YAML: ", "correct the line; check indentation, colons, quotation marks"
    ),
}
# of these a reader makes an error of its own
MODELS = ("records.py", "synthetic/assumptions.py")


class Message(NamedTuple):
    error: str
    text: str
    todo: str
    module: str


def messages() -> list[Message]:
    """Every message of the package, once, in order of class, module and place."""
    found = [message for path in sorted(PACKAGE.rglob("*.py")) for message in _of_module(path)]
    order = [*ERRORS_BY_NAME, READER]
    return sorted(dict.fromkeys(found), key=lambda message: order.index(message.error))


def document() -> str:
    """The text of ``docs/errors.md``."""
    lines = ["| code | class | meaning |", "|---|---|---|"]
    lines += [f"| {code} | {name} | {meaning} |" for code, (name, meaning) in sorted(CODES.items())]
    known = messages()
    for error in [*ERRORS_BY_NAME, READER]:
        title = "Files of any kind: the class of whoever reads them" if error == READER else error
        lines += ["", f"## {title}", "", "| message | to do | in |", "|---|---|---|"]
        lines += [
            f"| {_cell(text)} | {_cell(todo)} | `{module}` |" for name, text, todo, module in known if name == error
        ]
    return HEAD + "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")


def _of_module(path: Path) -> Iterator[Message]:
    name = path.relative_to(PACKAGE).as_posix()
    module = ast.parse(path.read_text("utf-8"))
    functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]
    for function in functions:
        for call in _own_calls(function):
            if _called(call) not in MAKERS or (_called(call) == "ValueError" and name not in MODELS):
                continue
            maker, texts = MAKERS[_called(call)], _Texts(module, function)
            todo = next((word.value for word in call.keywords if word.arg == "todo"), None)
            todos = " / ".join(texts.of(todo)) if todo else maker.todo
            for what in call.args[maker.place : maker.place + 1]:
                yield from (Message(maker.error, maker.before + text, todos, name) for text in texts.of(what))


def _own_calls(function: ast.FunctionDef) -> Iterator[ast.Call]:
    """Calls in a function, in order, but not in those that stand in it."""
    functions = [node for node in ast.walk(function) if isinstance(node, ast.FunctionDef) and node is not function]
    inner = {part for node in functions for part in ast.walk(node)}
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call) and node not in inner]
    yield from sorted(calls, key=lambda call: (call.lineno, call.col_offset))


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


class _Texts:
    """What an expression in a function can spell, as far as the code says."""

    def __init__(self, module: ast.Module, function: ast.FunctionDef, depth: int = 0):
        self.module, self.function, self.depth = module, function, depth

    def of(self, node: ast.AST) -> list[str]:
        match node:
            case ast.Constant():
                return [str(node.value)]
            case ast.JoinedStr(values=parts):
                return ["".join(texts) for texts in product(*map(self.of, parts))]
            case ast.FormattedValue(value=value):
                return self.of(value) if isinstance(value, ast.IfExp) else self._gap(value)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return [first + second for first, second in product(self.of(left), self.of(right))]
            case ast.IfExp(body=body, orelse=orelse):
                return [*self.of(body), *self.of(orelse)]
            case ast.Name(id=name):
                return self._named(name) or self._gap(node)
            case ast.Call(func=ast.Name(id="next"), args=[ast.GeneratorExp(generators=[one]), *_]):
                return self._keys(one.iter) or self._gap(node)
        return self._gap(node)

    def _gap(self, node: ast.AST) -> list[str]:
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str(name))):
                return [f"{{{name}}}"]
        return ["{...}"]

    def _named(self, name: str) -> list[str]:
        """What a name stands for: a parameter in the calls of the function, a variable where it is set."""
        parameters = [argument.arg for argument in self.function.args.args]
        if name in parameters:
            return self._given(name, parameters.index(name))
        found = []
        for node in ast.walk(self.function):
            match node:
                case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                    found += self._returned(value) or self.of(value)
                case ast.For(target=ast.Tuple(elts=[ast.Name(id=target), *_]), iter=ast.List() as lists) if (
                    target == name
                ):
                    found += [text for part in lists.elts for text in self._returned(part)]
        return [text for text in found if text != "{...}"]

    def _given(self, name: str, place: int) -> list[str]:
        if self.depth > 1:
            return []
        found = []
        for caller in (node for node in ast.walk(self.module) if isinstance(node, ast.FunctionDef)):
            for call in (call for call in _own_calls(caller) if _called(call) == self.function.name):
                words = [word.value for word in call.keywords if word.arg == name]
                given = words or call.args[place : place + 1]
                found += [text for value in given for text in _Texts(self.module, caller, self.depth + 1).of(value)]
        return found

    def _returned(self, node: ast.AST) -> list[str]:
        """What a function of the module returns or yields first, where the node calls one."""
        node = node.value if isinstance(node, ast.Starred) else node
        name = _called(node) if isinstance(node, ast.Call) else ""
        found = []
        for made in (one for one in ast.walk(self.module) if isinstance(one, ast.FunctionDef) and one.name == name):
            texts = _Texts(self.module, made, self.depth + 1)
            for part in ast.walk(made):
                match part:
                    case ast.Yield(value=ast.Tuple(elts=[first, *_])) | ast.Return(value=ast.Call() as first):
                        found += texts.of(first)
        return [text for text in found if text != "{...}"]

    def _keys(self, node: ast.AST) -> list[str]:
        """Keys of the dictionaries that a function sets under a name, in ``name.items()``."""
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name))):
                set_here = [
                    part.value
                    for part in ast.walk(self.function)
                    if isinstance(part, ast.Assign | ast.AugAssign)
                    and name in ast.unparse(part.targets[0] if isinstance(part, ast.Assign) else part.target)
                ]
                single = [
                    target.slice
                    for part in ast.walk(self.function)
                    if isinstance(part, ast.Assign)
                    for target in part.targets
                    if isinstance(target, ast.Subscript) and ast.unparse(target.value) == name
                ]
                keys = [key for value in set_here if isinstance(value, ast.Dict) for key in value.keys if key]
                return [text for key in [*keys, *single] for text in self.of(key)]
        return []


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
