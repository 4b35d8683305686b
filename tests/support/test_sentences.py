"""The sentences that students read: each one is there, whole, and needed."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from autograder.lab.testing.outcomes import LEGEND
from autograder.support.sentences import say
from tests.conftest import ROOT

ENGINE = ROOT / "autograder"
SENTENCES = tomllib.loads((ENGINE / "support" / "sentences.toml").read_text())
EVERY = {f"{table}.{key}" for table, keys in SENTENCES.items() for key in keys}
TEMPLATES = sorted(ENGINE.rglob("templates/*.html"))
MODULES = sorted(set(ENGINE.rglob("*.py")) - {ENGINE / "support" / "pages.py"})
"""All but the one that hands on what templates say."""


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
    calls = [call for path in MODULES for call in in_code(path)]
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


STUDENTS_READ = [
    *(path for room in ("homework", "lab", "notebooks") for path in (ENGINE / room).rglob("*.py")),
    *(ENGINE / "report" / f"{n}.py" for n in ("student_page", "run_view", "gradescope", "charts")),
    ENGINE / "cli.py",
    ENGINE / "grading" / "suites.py",
    ENGINE / "nbgrader" / "feedback.py",
    *(ENGINE / "support" / f"{n}.py" for n in ("pages", "torch_pair", "words")),
]
"""The modules that speak to students."""

NO_SENTENCES = {
    "module {} has no attribute {}": "Python's own, of a name misspelt in code",
    "IProgress not found": "tqdm's, as far as it is kept from students",
    "asking for a GPU": "the kind of a crash, told by a sentence of its own",
    "writing in place": "another",
    "the time limit": "of a failure, for staff",
    LEGEND: "of the table that staff see",
    "cacheprovider capture faulthandler logging terminal threadexception "
    "unraisableexception": "plugins of pytest",
    "threadexception unraisableexception warnings": "plugins of pytest",
    "doctest junitxml legacypath pastebin setuponly setupplan stepwise unittest": "plugins, too",
}
"""Texts of three words and more that no student reads, and why not."""

WORDS = re.compile(r"[A-Za-z]{2,}[,:;]? [A-Za-z]+[,:;]? [A-Za-z]+")
NOT_FOR_STUDENTS = {"GraderFault", "compile"}
"""Calls whose texts are for staff, or are no texts."""


def own_texts(tree: ast.AST) -> Iterator[str]:
    """The texts in code, those put together as one, without docstrings."""
    for node in ast.iter_child_nodes(tree):
        called = getattr(node, "func", None)
        if getattr(called, "attr", getattr(called, "id", "")) in NOT_FOR_STUDENTS:
            continue
        match node:
            case ast.Expr(value=ast.Constant()):
                continue
            case ast.JoinedStr(values=values):
                yield "".join(v.value if isinstance(v, ast.Constant) else "{}" for v in values)
            case ast.Constant(value=str(text)):
                yield text
            case _:
                yield from own_texts(node)


@pytest.mark.parametrize("path", STUDENTS_READ, ids=lambda path: str(path.relative_to(ENGINE)))
def test_what_speaks_to_students_has_no_sentence_of_its_own(path: Path) -> None:
    found = {text for text in own_texts(ast.parse(path.read_text())) if WORDS.search(text)}
    assert found <= NO_SENTENCES.keys()


def test_no_text_is_excepted_that_there_is_not() -> None:
    there = {text for path in STUDENTS_READ for text in own_texts(ast.parse(path.read_text()))}
    assert NO_SENTENCES.keys() <= there


def test_the_student_s_page_has_no_word_of_its_own() -> None:
    source = (ENGINE / "report" / "templates" / "students.html").read_text()
    expressions, tags, attributes = r"\{[%{].*?[%}]\}", r"<[^>]*>", r'\w+="[^"]*"'
    text = re.sub(f"{expressions}|{tags}|{attributes}", " ", source)
    assert re.findall(r"\w{2,}", text) == []
