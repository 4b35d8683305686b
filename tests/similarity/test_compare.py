"""Similar submissions: what disguises do not hide, what is no evidence, and a page that is safe."""

from __future__ import annotations

import ast
import base64
import hashlib
import itertools
import json
import random
import re
import shutil
from collections.abc import Mapping, Sequence
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course.assignment import Assignment, Course
from autograder.course.submissions import Submission, earlier, submitted
from autograder.notebooks.cells import Cell
from autograder.similarity.compare import Pair, compare, find_pairs, not_counting
from autograder.similarity.document import Document
from autograder.similarity.known import Known, find_taken
from autograder.similarity.page import write_page
from autograder.similarity.winnowing import GRAM, NONE, WINDOW, grams, winnow, words
from autograder.support.errors import SpeechmarkError

ROOT = Path(__file__).resolve().parents[2]
CONTRASTIVE = Course(ROOT).assignment("contrastive")
PARTS = {part.id: part.names for part in CONTRASTIVE.automatic}
CONTRACT = {name for names in PARTS.values() for name in names}
SETUP = """import math
import random

import numpy as np
import torch
import torch.nn.functional as F
import torchaudio
from torch import Tensor, nn
"""


@cache
def right(part: str) -> dict[str, str]:
    """Solutions to one part, written independently of each other."""
    paths = sorted((CONTRASTIVE.folder / "right").glob(f"{part}__*.py"))
    return {path.stem: path.read_text() for path in paths}


WRITTEN = [part for part in PARTS if len(right(part)) > 1]


def notebook(sources: Mapping[str, str], extra: Sequence[str] = ()) -> list[Cell]:
    """The cells of a submission: part to code, and further cells of the student's own."""
    cells = [Cell("setup", "setup", None, SETUP)]
    cells += [Cell(f"{part}_solution", "solution", part, code) for part, code in sources.items()]
    return cells + [Cell(f"extra_{i}", "extra", None, code) for i, code in enumerate(extra, 1)]


def student(seed: int) -> dict[str, str]:
    """One of the independent solutions to each part."""
    choose = random.Random(seed)
    return {part: choose.choice(list(right(part).values())) for part in WRITTEN}


def pairs_of(
    documents: Mapping[str, Sequence[Cell]], known: Sequence[Sequence[Cell]] = ()
) -> list[Pair]:
    made = {name: Document(cells, CONTRACT) for name, cells in documents.items()}
    common = not_counting(list(made.values()), [Document(cells, CONTRACT) for cells in known])
    return find_pairs(made, common)


def score(a: Sequence[Cell], b: Sequence[Cell]) -> float:
    found = pairs_of({"a": a, "b": b})
    return found[0].score if found else 0.0


class Renamed(ast.NodeTransformer):
    """Every name that is the student's to choose gets another one."""

    def __init__(self, tree: ast.Module, salt: str) -> None:
        self.salt = salt
        nodes = list(ast.walk(tree))
        functions = (ast.FunctionDef, ast.ClassDef)
        chosen = {n.name for n in nodes if isinstance(n, functions)}
        chosen |= {n.arg for n in nodes if isinstance(n, ast.arg)}
        stores = (n for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
        chosen |= {n.id for n in stores}
        self.names = {n for n in chosen if n not in CONTRACT and not n.startswith("__")}
        self.names -= {"forward"}
        self.attributes = {
            n.attr for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)
        } - {"dim"}
        self.methods = {
            item.name
            for n in nodes
            if isinstance(n, ast.ClassDef)
            for item in n.body
            if isinstance(item, ast.FunctionDef)
        }
        self.own = chosen

    def new(self, name: str) -> str:
        return f"{self.salt}_{hashlib.md5(name.encode()).hexdigest()[:5]}"

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(self.new(node.id), node.ctx) if node.id in self.names else node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(self.new(node.arg)) if node.arg in self.names else node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.name = self.new(node.name) if node.name in self.names else node.name
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        self.generic_visit(node)
        node.name = self.new(node.name) if node.name in self.names else node.name
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        own = node.attr in self.attributes | (self.methods & self.names)
        node.attr = self.new(node.attr) if own else node.attr
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        called = node.func
        own = (isinstance(called, ast.Name) and called.id in self.names) or (
            isinstance(called, ast.Attribute) and called.attr in self.methods
        )
        self.generic_visit(node)
        for key in node.keywords if own else []:
            if key.arg in self.names:
                key.arg = self.new(key.arg)
        return node


def renamed(source: str, salt: str) -> str:
    tree = ast.parse(source)
    return ast.unparse(ast.fix_missing_locations(Renamed(tree, salt).visit(tree)))


def reformatted(source: str, salt: str) -> str:
    return ast.unparse(ast.parse(source))


def reordered(source: str, salt: str) -> str:
    body = ast.parse(source).body
    random.Random(salt).shuffle(body)
    return "\n\n".join(ast.unparse(item) for item in body)


def commented(source: str, salt: str) -> str:
    lines = []
    for line in reformatted(source, salt).split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        lines += [f"{indent}# {salt}", line, ""]
    return "\n".join(lines)


def with_aliases(source: str, salt: str) -> str:
    source = re.sub(r"\bF\.", f"{salt}.", source)
    source = re.sub(r"(?<!\.)\btorch\.(?!nn)", "nn_free.", source)
    return f"import torch as nn_free\nfrom torch.nn import functional as {salt}\n{source}"


def annotated(source: str, salt: str) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = ast.Name("object", ast.Load())
            node.body.insert(0, ast.Expr(ast.Constant(f"About {salt}.")))
            for arg in node.args.args:
                arg.annotation = ast.Name("object", ast.Load())
    return ast.unparse(ast.fix_missing_locations(tree))


DISGUISES = [renamed, reformatted, reordered, commented, with_aliases, annotated]


@settings(max_examples=20)
@given(
    seed=st.integers(0, 10_000),
    disguises=st.lists(st.sampled_from(DISGUISES), min_size=1, max_size=3, unique=True),
    salt=st.from_regex(r"[a-z]{3,8}", fullmatch=True),
)
def test_a_disguised_copy_is_the_same_to_the_last_fingerprint(seed, disguises, salt):
    original = student(seed)
    copy = dict(original)
    for disguise in disguises:
        copy = {part: disguise(code, f"q{salt}") for part, code in copy.items()}
    assert score(notebook(original), notebook(copy)) == 1.0


def test_names_that_hide_built_ins_are_names_like_any_other():
    body = "def {f}({x}, {y}):\n    {z} = [{x} * {y} + i for i in range(9)]\n" * 1
    body += "    while {z}[0] > {y} and {x}:\n        {z}[1] -= sorted({z})[{x}]\n"
    body += "    return max({z}[:3]), {z}[{y}], min({z}[-3:])\n" * 3
    plain = body.format(f="mix", x="a", y="b", z="c")
    hiding = body.format(f="mix", x="input", y="id", z="list")
    assert score(notebook({}, [plain]), notebook({}, [hiding])) == 1.0


@pytest.mark.parametrize("part", WRITTEN)
def test_independent_right_solutions_of_a_part_have_next_to_nothing_in_common(part):
    documents = {
        name: Document(notebook({part: code}), CONTRACT).fingerprints(
            not_counting(
                [], [Document(notebook({part: CONTRASTIVE.reference_cells[part]}), CONTRACT)]
            )
        )[part]
        for name, code in right(part).items()
    }
    shared = [
        len(set(a) & set(b)) / max(1, min(len(a), len(b)))
        for a, b in itertools.combinations(documents.values(), 2)
    ]
    # Some are variations of one another by intent, and must be seen to be.
    assert sum(share > 0.2 for share in shared) <= 0.1 * len(shared)


def test_whoever_hands_in_the_release_the_reference_or_a_known_solution_copied_from_nobody():
    known = [notebook({part: code}) for part, code in CONTRASTIVE.reference_cells.items()]
    known += [notebook({part: code}) for part in WRITTEN for code in right(part).values()]
    both = notebook({part: renamed(code, "mine") for part, code in student(1).items()})
    assert pairs_of({"a": both, "b": both}) != []
    assert pairs_of({"a": both, "b": both}, known) == []


def helper(number: int) -> str:
    """Code that only those have who have the same number."""
    lines = [f"def helper_{number}(x):"]
    choose = random.Random(number)
    for step in range(14):
        operator = choose.choice(["+", "-", "*", "/", "//", "%", "**", "@"])
        lines.append(f"    x = x {operator} {choose.randint(2, 999)} + [x, {step * number}][0]")
    return "\n".join([*lines, "    return x"])


def test_what_a_large_share_of_the_class_has_does_not_count():
    everyones = helper(0)
    crowd = {f"s{i}": notebook({}, [everyones, helper(i)]) for i in range(1, 17)}
    assert pairs_of(crowd) == []
    crowd["thief"] = notebook({}, [everyones, renamed(helper(7), "new")])
    assert [(pair.a, pair.b) for pair in pairs_of(crowd)] == [("s7", "thief")]


def test_a_ring_of_copies_does_not_make_itself_common():
    crowd = {f"s{i}": notebook({}, [helper(i)]) for i in range(1, 9)}
    ring = {f"r{i}": notebook({}, [helper(99)]) for i in range(6)}
    assert len(pairs_of({**crowd, **ring})) == 15


def test_a_copy_hidden_in_much_own_work_is_found_by_its_containment():
    honest = notebook({}, [helper(1), helper(2)])
    padded = notebook({}, [*(helper(i) for i in range(10, 30)), helper(1), helper(2)])
    (pair,) = pairs_of({"honest": honest, "padded": padded})
    assert pair.a_in_b == pair.score == 1.0
    assert pair.b_in_a < 0.2


def test_a_single_copied_part_is_named_with_its_part():
    a, b = student(1), student(2)
    assert a["info_nce"] != b["info_nce"]
    alone = pairs_of({"a": notebook(a), "b": notebook(b)})
    copied = {**{part: helper(k) for k, part in enumerate(b)}, "encoder": a["encoder"]}
    (pair,) = pairs_of({"a": notebook(a), "b": notebook(copied)})
    assert next(iter(pair.parts.items())) == ("encoder", 1.0)
    assert not alone or alone[0].score < 1.0


def test_code_that_is_not_python_is_compared_by_its_tokens():
    broken = "def f(x:\n" + helper(5)
    other = broken.replace("x", "signal").replace("  # no", "") + "  # still broken\n"
    assert score(notebook({}, [broken]), notebook({}, [other])) == 1.0
    assert score(notebook({}, [broken]), notebook({}, ["def g(y:\n" + helper(6)])) == 0.0


def test_magics_and_shell_lines_do_not_matter():
    assert (
        score(notebook({}, [helper(3)]), notebook({}, ["%%time\n!pip list\n" + helper(3)])) == 1.0
    )


def test_nothing_that_was_submitted_is_executed(tmp_path):
    mark = tmp_path / "mark"
    source = f"open({str(mark)!r}, 'w').write('x')\n" * 20
    score(notebook({}, [source]), notebook({}, [source]))
    assert not mark.exists()


HOSTILE = {
    "brackets": "(" * 5000 + ")" * 5000,
    "minus signs": "-" * 30_000 + "1",
    "attributes": "a" + ".b" * 6_000,
    "sum": "1" + "+1" * 30_000,
    "long number": "x = 0x" + "f" * 90_000,
    "open quotes": '"""\n\n' * 9_001,
    "half quotes": "'\n" * 6_000,
    "definitions": "def f(a):\n x = a + 1\n" * 3000,
    "depth": "".join(" " * i + f"if a{i}:\n" for i in range(99)) + " " * 99 + "pass",
    "null": "\0" * 1000,
    "lambdas": "lambda: " * 10_000 + "0",
    "half a pair": "x = '\ud800'\n\ud800 = 1\n" * 50,
    "indentation": "   x\n y\n" * 6_000,
    "one line": "x = " + "[1, 2], " * 5_000,
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_hostile_code_is_compared_in_part_and_harms_nothing(source, tmp_path):
    cells = notebook({}, [source, helper(1)])
    document = Document(cells, CONTRACT)
    assert len(document.hashes) <= 20_000
    shorter = notebook({}, [helper(1), source])
    assert score(shorter, notebook({}, [helper(1)])) == 1.0


@given(st.lists(st.integers(0, 30), max_size=60), st.lists(st.integers(0, 30), max_size=60))
def test_whatever_two_sequences_share_for_long_enough_has_a_fingerprint_in_common(before, after):
    shared = [str(1000 + k) for k in range(GRAM + WINDOW - 1)]
    a = grams(words([*map(str, before), *shared, *map(str, after)]))
    b = grams(words([*map(str, after), *shared, *map(str, before)]))
    assert set(winnow(a)) & set(winnow(b))


# A whole class, from notebooks to the page.


def cell(source: str, kind: str = "code", **marks: object) -> dict[str, object]:
    nbgrader = {"nbgrader": {"schema_version": 3, **marks}} if marks else {}
    made: dict[str, object] = {"cell_type": kind, "metadata": nbgrader, "source": source}
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    return made


def released(sources: Mapping[str, str], extra: Sequence[str] = ()) -> bytes:
    cells = [cell(SETUP, grade_id="setup", grade=False, solution=False, locked=True)]
    for part, names in PARTS.items():
        stub = "\n".join(f"def {name}(*args):\n    raise NotImplementedError" for name in names)
        marks = {"grade_id": f"{part}_solution", "grade": False, "solution": True, "locked": False}
        cells.append(cell(sources.get(part, stub), **marks))
    cells += [cell(source) for source in extra]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


@pytest.fixture
def course(tmp_path: Path) -> Assignment:
    """A course with the real solutions and a release of its own."""
    folder = tmp_path / "solutions" / "contrastive"
    folder.mkdir(parents=True)
    (tmp_path / "nbgrader_config.py").touch()
    for name in ("assignment.toml", "contrastive.py"):
        shutil.copy(CONTRASTIVE.folder / name, folder / name)
    shutil.copytree(CONTRASTIVE.folder / "right", folder / "right")
    release = tmp_path / "assignments" / "contrastive"
    release.mkdir(parents=True)
    (release / "contrastive.ipynb").write_bytes(released({}))
    return Course(tmp_path).assignment("contrastive")


def hand_in(assignment: Assignment, name: str, content: bytes) -> None:
    folder = assignment.course.root / "submitted" / name / assignment.name
    folder.mkdir(parents=True)
    (folder / f"{assignment.name}.ipynb").write_bytes(content)


def own(part: str, number: int) -> str:
    return f"def {PARTS[part][0]}(wave):\n    return helper(wave)\n\n{helper(number)}"


def test_a_class_is_compared_from_its_notebooks(course):
    hand_in(course, "ada", released({"fade": own("fade", 1), "time_mask": own("time_mask", 2)}))
    hand_in(course, "bea", released({"fade": renamed(own("fade", 1), "other")}))
    hand_in(course, "chi", released({"fade": own("fade", 3)}))
    hand_in(course, "dov", b"{")
    found = compare(course, submitted(course))
    (pair,) = found.pairs
    assert (pair.a, pair.b) == ("ada", "bea")
    assert pair.b_in_a == 1.0
    assert pair.a_in_b < 0.6
    assert pair.parts == {"fade": 1.0}
    plain = json.loads(json.dumps(found.as_json(), allow_nan=False))
    assert plain["submissions"] == 4
    assert "truncated" in plain["skipped"]["dov"]


def test_untouched_and_solved_submissions_are_not_similar(course):
    reference = dict(course.reference_cells)
    for name in ("ada", "bea"):
        hand_in(course, name, released({}))
    for name in ("chi", "dov"):
        hand_in(course, name, released(reference))
    assert compare(course, submitted(course)).pairs == []


def test_who_hands_in_a_solution_of_the_course_s_own_is_named_with_its_parts(course):
    reference = dict(course.reference_cells)
    known = right("info_nce")
    hand_in(course, "copies", released({p: renamed(s, "own") for p, s in reference.items()}))
    hand_in(course, "knows", released({"info_nce": next(iter(known.values()))}))
    hand_in(course, "writes", released({"fade": own("fade", 1)}))
    hand_in(course, "reads", released({}))
    taken = {one.name: one.parts for one in compare(course, submitted(course)).taken}
    assert set(taken) == {"copies", "knows"}
    assert set(taken["copies"].values()) == {"reference"}
    assert len(taken["copies"]) >= len(reference) - 2
    assert taken["knows"] == {"info_nce": f"right/{next(iter(known))}.py"}


@pytest.mark.parametrize("part", WRITTEN)
def test_no_independent_solution_is_taken_for_another_on_file(part):
    documents = {
        name: Document(notebook({part: source}), CONTRACT) for name, source in right(part).items()
    }
    known = [Known(name, part, document) for name, document in documents.items()]
    for name in documents:
        others = [one for one in known if one.label != name]
        assert find_taken({name: documents[name]}, others, NONE) == []


def test_earlier_terms_are_compared_with_this_one_and_not_with_each_other(course, tmp_path):
    hand_in(course, "ada", released({"fade": own("fade", 1)}))
    old = tmp_path / "2025"
    for name in ("bea", "chi"):
        (old / name).mkdir(parents=True)
        (old / name / "x.ipynb").write_bytes(released({"fade": own("fade", 1)}))
    found = compare(course, submitted(course), earlier=earlier([old]))
    assert {(pair.a, pair.b) for pair in found.pairs} == {
        ("ada", str(old / "bea" / "x.ipynb")), ("ada", str(old / "chi" / "x.ipynb"))
    }  # fmt: skip
    with pytest.raises(SpeechmarkError, match="holds no notebook"):
        earlier([tmp_path / "none"])


def test_a_group_s_own_work_is_no_pair(course):
    for name in ("ada", "bea"):
        hand_in(course, name, released({"fade": own("fade", 1)}))
    assert compare(course, submitted(course)).pairs
    assert compare(course, submitted(course), together=lambda a, b: True).pairs == []


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.marked: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == "mark" and data.strip():
            self.marked.append(data)


EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def page(course: Assignment, tmp_path: Path) -> str:
    evil = f"{helper(4)}\n    # {EVIL} \u202e\x1b[31m\n    return '{EVIL}', x, x + 1, x + 2, x + 3"
    for name in (EVIL, "bea"):
        path = tmp_path / f"{len(name)}.ipynb"
        path.write_bytes(released({"fade": evil}, [helper(5)]))
    found = compare(
        course,
        [
            Submission(EVIL, tmp_path / f"{len(EVIL)}.ipynb"),
            Submission("bea", tmp_path / "3.ipynb"),
        ],
    )
    return write_page(found, tmp_path / "similar.html", title=EVIL).read_text()


def test_the_page_holds_nothing_live_of_what_was_submitted(page):
    html = Page(page)
    assert not {"script", "img", "iframe"} & set(html.tags)
    assert not [name for name, _ in html.attributes if name.startswith("on")]
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_the_page_allows_its_own_style_and_nothing_else(page):
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = next(v for n, v in Page(page).attributes if n == "content" and v and "default" in v)
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_the_page_marks_matching_lines_on_both_sides(page):
    marked = Page(page).marked
    assert marked
    assert all(marked.count(line) % 2 == 0 for line in marked)
    assert any(line.startswith("    x = x") for line in marked)
