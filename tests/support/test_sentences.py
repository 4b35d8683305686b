"""The sentences that students read: each one is there, whole, and needed."""

from __future__ import annotations

import ast
import string
import tomllib
from collections.abc import Iterator

import pytest

from autograder.support.sentences import say
from tests.conftest import ROOT

SENTENCES = tomllib.loads((ROOT / "autograder" / "support" / "sentences.toml").read_text())


def said() -> Iterator[tuple[str, set[str]]]:
    """Each sentence that the product says by name, with the values that it puts in."""
    for path in (ROOT / "autograder").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say" and node.args:
                names = {keyword.arg or "**" for keyword in node.keywords}
                for word in ast.walk(node.args[0]):
                    if isinstance(word, ast.Constant) and "." in str(word.value).rstrip("."):
                        yield str(word.value), names


def test_every_sentence_that_is_said_is_there_with_its_values() -> None:
    for sentence, names in said():
        table, key = sentence.split(".")
        fields = {name for _, name, _, _ in string.Formatter().parse(SENTENCES[table][key]) if name}
        assert fields <= names or "**" in names, sentence


def test_every_sentence_is_said() -> None:
    spoken = {sentence for sentence, _ in said()} | {f"failures.{k}" for k in SENTENCES["failures"]}
    written = {f"{table}.{key}" for table, keys in SENTENCES.items() for key in keys}
    assert written == spoken


@pytest.mark.parametrize("name", ["nobody.says", "start.nothing"])
def test_a_sentence_that_there_is_not_is_no_empty_one(name: str) -> None:
    with pytest.raises(KeyError):
        say(name)
