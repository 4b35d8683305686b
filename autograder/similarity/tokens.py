"""Student code as tokens that neither a new name nor another layout changes.

Python is read as a syntax tree, so comments, docstrings, brackets that do nothing, quotes
and line breaks are gone; annotations, imports and the contents of strings are left out. A
name stays only if it is not the student's to choose: what the assignment asks for, a
built-in, or something imported, which is spelled out (``F.pad`` and ``nn.functional.pad``
are the same). Every other name is ``_``. Nothing is executed.
"""

from __future__ import annotations

import ast
import builtins
import io
import keyword
import tokenize
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from autograder.lab.testing.magics import as_python
from autograder.notebooks.cells import Cell

CHARACTERS = 100_000
"""So much of a submission's code is looked at; ten times what an assignment asks for."""

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SILENT = (ast.Module, ast.Expr, ast.expr_context, ast.arguments, ast.Global, ast.Nonlocal)
_BUILTINS = frozenset(dir(builtins))


class Token(NamedTuple):
    """A token and the line of its cell that it stands on, from 1."""

    text: str
    line: int


@dataclass(frozen=True)
class Unit:
    """A function, a class without its methods, or the rest of a cell: order does not matter."""

    cell: int
    """Index of the cell."""
    tokens: list[Token]


def units(cells: Sequence[Cell], contract: Iterable[str]) -> list[Unit]:
    """The student's own cells in ``cells`` as units of tokens.

    Args:
        cells: a notebook's, in order; setup cells only tell what is imported.
        contract: names that the assignment asks for, which stay as they are.
    """
    names = _Names(frozenset(contract))
    trees: list[tuple[int, str, ast.Module | None]] = []
    left = CHARACTERS
    for index, cell in enumerate(cells):
        source = as_python(cell.source[:left])
        tree = _parsed(source)
        if tree is not None:
            names.learn(tree)
        if cell.kind != "setup":
            left -= len(source)
            trees.append((index, source, tree))
    found = []
    for index, source, tree in trees:
        if tree is None:
            found.append(Unit(index, list(_lexed(source, names))))
        else:
            here = replace(names, attributes=_own_attributes(tree))
            found += [Unit(index, tokens) for tokens in _tree_units(tree, here)]
    return [unit for unit in found if unit.tokens]


@dataclass(frozen=True)
class _Names:
    """What the names in a submission stand for."""

    contract: frozenset[str]
    imported: dict[str, str] = field(default_factory=dict)
    """Name in the notebook to what it is: "F" to "torch.nn.functional"."""
    functions: set[str] = field(default_factory=set)
    """Functions and classes that are defined in it."""
    attributes: frozenset[str] = frozenset()
    """Attributes and methods that the classes of a cell define."""

    def learn(self, tree: ast.Module) -> None:
        """Take note of imports and definitions."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    name = alias.name if alias.asname else alias.name.partition(".")[0]
                    self.imported[alias.asname or name] = name
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    self.imported[alias.asname or alias.name] = f"{node.module}.{alias.name}"
            elif isinstance(node, _DEFINITIONS):
                self.functions.add(node.name)

    def variable(self, name: str, shadowed: frozenset[str] = frozenset()) -> str:
        """What a bare name is in the normal form."""
        if name in shadowed:
            return "_"
        if name in self.imported:
            return self.imported[name]
        return name if name in self.contract or name in _BUILTINS else "_"

    def attribute(self, name: str) -> str:
        """What an attribute of no imported thing is in the normal form."""
        return "._" if name in self.attributes else f".{name}"

    def is_own(self, called: ast.expr) -> bool:
        """Whether a function that is called is the student's, so that its keywords are too."""
        if isinstance(called, ast.Attribute):
            return called.attr in self.attributes
        return isinstance(called, ast.Name) and called.id in self.functions - self.contract


def _own_attributes(tree: ast.Module) -> frozenset[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.attr)
        elif isinstance(node, ast.ClassDef):
            for item in node.body:
                if isinstance(item, _DEFINITIONS):
                    found.add(item.name)
                elif isinstance(item, ast.Assign | ast.AnnAssign):
                    targets = item.targets if isinstance(item, ast.Assign) else [item.target]
                    found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return frozenset(name for name in found if not name.startswith("__"))


def _parsed(source: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _tree_units(tree: ast.Module, names: _Names) -> Iterator[list[Token]]:
    """The module's own statements, then each function and class, however deep it is nested."""
    outside = [item for item in tree.body if not isinstance(item, _DEFINITIONS)]
    waiting: list[tuple[ast.AST, frozenset[str]]] = [(tree, _bound(outside))]
    while waiting:
        root, shadowed = waiting.pop()
        tokens: list[Token] = []
        stack: list[tuple[ast.AST | str, int]] = [(root, getattr(root, "lineno", 1))]
        while stack:
            item, line = stack.pop()
            if isinstance(item, str):
                tokens.append(Token(item, line))
                continue
            line = getattr(item, "lineno", line)
            if isinstance(item, _DEFINITIONS) and item is not root:
                waiting.append((item, shadowed | _bound([item]) if root is tree else shadowed))
                continue
            stack += [(part, line) for part in reversed(_parts(item, names, shadowed))]
        yield tokens


def _bound(nodes: Sequence[ast.AST]) -> frozenset[str]:
    """Names that are bound anywhere inside: there they hide what is built in or imported."""
    return frozenset(
        item.arg if isinstance(item, ast.arg) else item.id
        for node in nodes
        for item in ast.walk(node)
        if isinstance(item, ast.arg)
        or (isinstance(item, ast.Name) and not isinstance(item.ctx, ast.Load))
    )


def _parts(node: ast.AST, names: _Names, shadowed: frozenset[str]) -> list[ast.AST | str]:
    """A node's token, where it has one, and its children, in order."""
    match node:
        case ast.Import() | ast.ImportFrom():
            return []
        case ast.Expr(value=ast.Constant(value=str())):
            return []
        case ast.Name():
            return [names.variable(node.id, shadowed)]
        case ast.Attribute():
            path = _path(node, names, shadowed)
            return [path] if path else [names.attribute(node.attr), node.value]
        case ast.Constant():
            return [_constant(node.value)]
        case ast.arg():
            return ["_"]
        case ast.AnnAssign():
            return ["Assign", node.target, node.value] if node.value else []
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            name = node.name if node.name in names.contract else "_"
            head = [*node.bases] if isinstance(node, ast.ClassDef) else [node.args]
            return [type(node).__name__, name, *node.decorator_list, *head, *node.body]
        case ast.Call():
            called = node.func
            own = names.is_own(called)
            keys: list[ast.AST | str] = []
            for key in node.keywords:
                keys += ["=" if own or not key.arg else f"{key.arg}=", key.value]
            return ["Call", called, *node.args, *keys]
    own_token: list[ast.AST | str] = [] if isinstance(node, _SILENT) else [type(node).__name__]
    return [*own_token, *ast.iter_child_nodes(node)]


def _constant(value: object) -> str:
    if isinstance(value, str | bytes):
        return "Str"
    # Python refuses to spell out an integer of thousands of digits.
    return "Int" if isinstance(value, int) and value.bit_length() > 128 else repr(value)


def _path(node: ast.Attribute, names: _Names, shadowed: frozenset[str]) -> str | None:
    """``torch.nn.functional.pad`` for whatever imported names spell it; None if they do not."""
    steps = []
    inner: ast.expr = node
    while isinstance(inner, ast.Attribute):
        steps.append(inner.attr)
        inner = inner.value
    if not isinstance(inner, ast.Name) or inner.id in shadowed or inner.id not in names.imported:
        return None
    return ".".join([names.imported[inner.id], *reversed(steps)])


def _lexed(source: str, names: _Names) -> Iterator[Token]:
    """Tokens of what is not Python, as far as it can be read."""
    lines = source.splitlines(keepends=True)
    start = 0
    while start < len(lines):
        last, after_dot = start, False
        reader = io.StringIO("".join(lines[start:])).readline
        try:
            for kind, text, (line, _), _, _ in tokenize.generate_tokens(reader):
                last = max(last, start + line - 1)
                if kind == tokenize.NAME:
                    word = text if keyword.iskeyword(text) else names.variable(text)
                    yield Token(names.attribute(text) if after_dot else word, start + line)
                elif kind in (tokenize.OP, tokenize.NUMBER) and text != ".":
                    yield Token(text, start + line)
                elif kind == tokenize.STRING:
                    yield Token("Str", start + line)
                after_dot = text == "."
            return
        except (tokenize.TokenError, SyntaxError):
            start = last + 1
