"""The sentences that students read: each one is there, whole, and needed."""

from __future__ import annotations

import ast
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from autograder.support.sentences import say
from tests.conftest import ROOT

ENGINE = ROOT / "autograder"
SENTENCES = tomllib.loads((ENGINE / "support" / "sentences.toml").read_text())
EVERY = {f"{table}.{key}" for table, keys in SENTENCES.items() for key in keys}
TEMPLATES = sorted(path for path in ENGINE.rglob("templates/*.html"))


def in_code(path: Path) -> Iterator[tuple[list[str], set[str]]]:
    """The sentences of each call of ``say`` in a module, and the values that it puts in."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say":
            names = {keyword.arg or "**" for keyword in node.keywords}
            yield meant(node.args[0]), names


def meant(node: ast.expr) -> list[str]:
    """The sentences that an argument of ``say`` may name."""
    match node:
        case ast.Constant(value=str(name)):
            return [name]
        case ast.IfExp(body=one, orelse=other):
            return [*meant(one), *meant(other)]
        case ast.JoinedStr(values=[ast.Constant(value=str(table)), _]) if table.endswith("."):
            return [f"{table}{key}" for key in SENTENCES[table.removesuffix(".")]]
    raise AssertionError(f"no sentence can be told from {ast.unparse(node)}")


def in_page(path: Path) -> Iterator[tuple[list[str], set[str]]]:
    """The same of a template."""
    for call in Environment().parse(path.read_text()).find_all(nodes.Call):
        if getattr(call.node, "name", "") == "say":
            names = {keyword.key for keyword in call.kwargs}
            constants = [call.args[0], *call.args[0].find_all(nodes.Const)]
            yield [c.value for c in constants if isinstance(c, nodes.Const)], names


def said() -> Iterator[tuple[str, set[str]]]:
    """Each sentence that the product says, with the values that it puts in."""
    calls = [call for path in ENGINE.rglob("*.py") for call in in_code(path)]
    for sentences, names in [*calls, *(call for path in TEMPLATES for call in in_page(path))]:
        for sentence in sentences:
            yield sentence, names


def test_every_sentence_that_is_said_is_there_with_its_values() -> None:
    for sentence, names in said():
        assert sentence in EVERY
        table, key = sentence.split(".")
        fields = {name for _, name, _, _ in string.Formatter().parse(SENTENCES[table][key]) if name}
        assert fields <= names or "**" in names, sentence


def test_every_sentence_is_said() -> None:
    assert {sentence for sentence, _ in said()} == EVERY


@pytest.mark.parametrize("name", ["nobody.says", "start.nothing"])
def test_a_sentence_that_there_is_not_is_no_empty_one(name: str) -> None:
    with pytest.raises(KeyError):
        say(name)
