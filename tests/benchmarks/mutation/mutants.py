"""Mutants: copies of a program that differ from it in one place, as a slip would.

The operators are the usual ones of mutation testing, and a few for tensors: dropped keywords
and calls, functions replaced by their siblings. Annotations and text are left alone.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_ARITHMETIC: dict[type, type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_COMPARISON: dict[type, tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
_SIBLINGS = {
    "mean": "sum", "sum": "mean", "rand": "randn", "randn": "rand", "zeros": "ones",
    "ones": "zeros", "cos": "sin", "exp": "expm1", "log": "log1p", "sqrt": "square",
    "square": "abs", "amax": "amin", "mode": "median", "gather": "scatter",
    "BatchNorm1d": "LayerNorm", "BatchNorm2d": "InstanceNorm2d", "ReLU": "Identity",
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A changed program: where, the statement before and after, and all of its source."""

    operator: str
    function: str
    before: str
    after: str
    source: str


def mutants(source: str) -> list[Mutant]:
    """Every program that one operator makes of ``source`` in one place, none twice."""
    tree = ast.parse(source)
    found: dict[str, Mutant] = {}
    for function, statement, node in _places(tree):
        for operator, new in _variants(node, function):
            changed, mutated = _replaced(tree, statement, node, new)
            text = ast.unparse(changed)
            if text == ast.unparse(tree) or text in found:
                continue
            after = "" if mutated is None else _headline(mutated)
            found[text] = Mutant(operator, function.name, _headline(statement), after, text)
    return list(found.values())


def _places(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef, ast.stmt, ast.AST]]:
    """Function, statement and node of every place that may be mutated."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for default in (*function.args.defaults, *function.args.kw_defaults):
            if default is not None:
                yield function, function, default
        for statement in function.body:
            yield from ((function, *place) for place in _inside(statement))


def _inside(statement: ast.stmt) -> Iterator[tuple[ast.stmt, ast.AST]]:
    """``statement`` and its expressions; functions in it are walked on their own."""
    constant = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    if constant or isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return
    yield statement, statement
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.stmt):
            yield from _inside(child)
        else:
            yield from ((statement, node) for node in ast.walk(child))


def _variants(node: ast.AST, function: ast.FunctionDef) -> Iterator[tuple[str, ast.AST]]:
    """The nodes that may stand in ``node``'s place, each with its operator's name."""
    match node:
        case ast.Assign(targets=[target]) if _only_here(target, function):
            # Without the statement the name would be unknown, which nobody could overlook.
            yield "nothing assigned", _with(node, value=ast.Constant(None))
        case ast.Assign() | ast.AugAssign() | ast.Expr():
            yield "dropped statement", ast.Pass()
        case ast.Return(value=ast.expr()):
            yield "dropped result", ast.Return(value=ast.Constant(None))
        case ast.If() | ast.IfExp() | ast.While():
            yield "negated condition", _with(node, test=ast.UnaryOp(ast.Not(), node.test))
        case ast.BinOp():
            if type(node.op) in _ARITHMETIC:
                yield "arithmetic", _with(node, op=_ARITHMETIC[type(node.op)]())
        case ast.Compare(ops=[operator]):
            for comparison in _COMPARISON.get(type(operator), ()):
                yield "comparison", _with(node, ops=[comparison()])
        case ast.UnaryOp(op=ast.USub() | ast.Not() | ast.Invert()):
            yield "dropped sign", node.operand
        case ast.Constant():
            yield from (("constant", ast.Constant(value)) for value in _others(node.value))
        case ast.Attribute(attr="inf"):
            yield "constant", ast.Constant(0.0)
        case ast.Name(ctx=ast.Load()):
            for name in _alike(node.id, function):
                yield "other parameter", ast.Name(name, ast.Load())
        case ast.Call():
            yield from _calls(node)
    if isinstance(node, ast.Attribute) and node.attr in _SIBLINGS:
        yield "sibling function", _with(node, attr=_SIBLINGS[node.attr])


def _calls(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    """A call without one keyword, with None for an argument, with two arguments swapped, or
    replaced by what it is called on."""
    none = ast.Constant(None)
    for keyword in node.keywords:
        # On a machine of one device a forgotten device is no mistake that shows.
        if keyword.arg != "device":
            rest = [k for k in node.keywords if k is not keyword]
            yield "dropped keyword", _with(node, keywords=rest)
    for place in range(len(node.args)):
        arguments = [none if i == place else a for i, a in enumerate(node.args)]
        yield "argument None", _with(node, args=arguments)
    for a, b in pairwise(range(len(node.args))):
        swapped = list(node.args)
        swapped[a], swapped[b] = swapped[b], swapped[a]
        yield "swapped arguments", _with(node, args=swapped)
    module = isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
    if module and node.func.value.id in ("torch", "F", "math", "nn"):  # type: ignore[attr-defined]
        subject = node.args[0] if node.args else None
    else:
        subject = node.func.value if isinstance(node.func, ast.Attribute) else None
    if subject is not None and not isinstance(subject, ast.Starred):
        yield "dropped call", subject


def _others(value: object) -> tuple[object, ...]:
    """Values near a constant, and those that are easily confused with it."""
    match value:
        case bool():
            return (not value,)
        case int():
            return value + 1, value - 1, 0
        case float():
            return 2 * value, value / 2, 0.0, -value
    return ()


def _replaced(
    tree: ast.Module, statement: ast.stmt, node: ast.AST, new: ast.AST
) -> tuple[ast.Module, ast.stmt | None]:
    """A copy of ``tree`` with ``new`` for ``node``, and its statement; None if that is gone."""
    copies: dict[int, object] = {}
    changed = copy.deepcopy(tree, copies)
    target = copies[id(node)]
    _Replace(target, copy.deepcopy(new)).visit(changed)
    ast.fix_missing_locations(changed)
    place = copies[id(statement)]
    if target is not place:
        return changed, place  # type: ignore[return-value]
    return changed, None if isinstance(new, ast.Pass) else new  # type: ignore[return-value]


class _Replace(ast.NodeTransformer):
    def __init__(self, target: object, new: ast.AST) -> None:
        self._target, self._new = target, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self._new if node is self._target else self.generic_visit(node)


def _with(node: ast.AST, **fields: object) -> ast.AST:
    """``node`` with some fields changed."""
    return type(node)(**{**dict(ast.iter_fields(node)), **fields})


def _only_here(target: ast.expr, function: ast.FunctionDef) -> bool:
    """Whether an assignment to ``target`` is the only one to its names."""
    bound = Counter(a.arg for a in function.args.args)
    bound += Counter(_stored(function))
    names = list(_stored(target))
    return bool(names) and all(bound[name] == 1 for name in names)


def _stored(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _alike(name: str, function: ast.FunctionDef) -> list[str]:
    """The other parameters with the annotation of the parameter ``name``."""
    kinds = {a.arg: ast.unparse(a.annotation) for a in function.args.args if a.annotation}
    return [other for other, kind in kinds.items() if other != name and kind == kinds.get(name)]


def _headline(statement: ast.stmt) -> str:
    """A statement as text; of a compound one, the first line."""
    return ast.unparse(ast.fix_missing_locations(statement)).splitlines()[0]
