"""Reading notebooks without trust, and rebuilding them from the release."""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.lab.testing.magics import as_python
from autograder.notebooks import CELL_LIMIT, Notebook, digest, read, rebuild
from autograder.support.errors import SpeechmarkError

STUB = "    # YOUR CODE HERE\n    raise NotImplementedError()\n"
SOLVED = {
    "info_nce_solution": "def info_nce(z_a, z_b, temperature=0.2):\n    return z_a.mean()",
    "encoder_solution": "class Encoder:\n    dim = 3\n\n\nclass ProjectionHead:\n    pass",
    "latent_solution": "def alignment(a, b):\n    return 1\n\n\ndef uniformity(z):\n    return 2",
}
ANSWER = "The digits gather, the speakers do too."
LONG_CELL = {"cell_type": "code", "source": "#" * 200_000}


def cell(
    source: str, grade_id: str = "", kind: str = "code", name: str = "", **marks: Any
) -> Notebook:
    """A cell of the release."""
    defaults = {"grade": False, "locked": False, "solution": False, "schema_version": 3}
    return {
        "cell_type": kind,
        "id": name or grade_id,
        "metadata": {"nbgrader": {"grade_id": grade_id, **defaults, **marks}} if grade_id else {},
        "source": source,
    }


def release() -> Notebook:
    """A release with three parts, a demonstration and a written answer."""
    cells = [
        cell("# Title", kind="markdown", name="text-1"),
        cell("import math", "setup", locked=True),
        cell("from lab import check", "lab", locked=True),
        cell("def info_nce(z_a, z_b, temperature=0.2):\n" + STUB, "info_nce_solution",
             solution=True),
        cell('check("info_nce")', "info_nce", grade=True, locked=True, points=4),
        cell("Now the network.", kind="markdown", name="text-2"),
        cell("class Encoder:\n" + STUB + "\n\nclass ProjectionHead:\n" + STUB, "encoder_solution",
             solution=True),
        cell('check("encoder")', "encoder", grade=True, locked=True, points=3),
        cell("train_for_minutes()", "training", locked=True),
        cell("def alignment(a, b):\n" + STUB + "\n\ndef uniformity(z):\n" + STUB,
             "latent_solution", solution=True),
        cell('check("latent")', "latent", grade=True, locked=True, points=2),
        cell("Discuss.", kind="markdown", name="text-3"),
        cell("YOUR ANSWER HERE", "discussion", "markdown", grade=True, solution=True, points=4),
    ]  # fmt: skip
    metadata = {"kernelspec": {"name": "python3"}, "speechmark": {"setup": ["setup", "lab"]}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def honest() -> Notebook:
    """The release with every part solved."""
    notebook = release()
    for each in notebook["cells"]:
        each["source"] = SOLVED.get(each["id"], each["source"])
        if each["id"] == "discussion":
            each["source"] = ANSWER
    return notebook


def at(notebook: Notebook, name: str) -> Notebook:
    return next(each for each in notebook["cells"] if each["id"] == name)


def ran(notebook: Notebook) -> dict[str, str]:
    return {each.id: each.source for each in rebuild(notebook, release()).cells}


def as_bytes(notebook: Any) -> bytes:
    return json.dumps(notebook).encode()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"{", "truncated"),
        (as_bytes(release())[:-40], "truncated"),
        (b"\xff\xfe\xfa\x00\x01", "UTF-8"),
        (b"caf\xe9", "UTF-8"),
        (b"[]", "not a notebook"),
        (b'"cells"', "not a notebook"),
        (b"[" * 200_000, "too deeply"),
        (b'{"nbformat": 4, "cells": ' + b"[" * 200_000, "too deeply"),
        (b'{"nbformat": ' + b"9" * 5000 + b"}", "absurd"),
        (as_bytes({"nbformat": 5, "cells": []}), "format 4"),
        (as_bytes({"nbformat": "4", "cells": []}) + b"\0", "truncated"),
        (as_bytes({"nbformat": [4], "cells": []}), "format 4"),
        (as_bytes({"nbformat": float("nan"), "cells": []}), "format 4"),
        (as_bytes({"cells": []}), "format 4"),
        (as_bytes({"nbformat": 4}), "no list of cells"),
        (as_bytes({"nbformat": 4, "cells": {}}), "no list of cells"),
        (as_bytes({"nbformat": 4, "cells": [1]}), "no list of cells"),
        (as_bytes({"nbformat": 4, "cells": [{"source": 3}]}), "without text"),
        (as_bytes({"nbformat": 4, "cells": [{}] * 100_000}), "100000 cells"),
        (as_bytes({"nbformat": 4, "cells": [LONG_CELL] * 6}), "1,200,000 characters of code"),
        (as_bytes({"nbformat": 3, "worksheets": [7]}), "no list of cells"),
        (b" " * (20 * 2**20 + 1), "larger than 20 MB"),
    ],
)
def test_what_is_no_notebook_is_refused_in_one_clear_sentence(content: bytes, says: str) -> None:
    with pytest.raises(SpeechmarkError, match=says) as caught:
        read(content)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_what_was_rebuilt_can_be_read_again_however_much_it_was() -> None:
    cells = [{"cell_type": "markdown", "source": "\u00e9"}] * (CELL_LIMIT - 5)
    submitted = {"nbformat": 4, "cells": [*cells, *[{**LONG_CELL, "id": n} for n in "abcde"]]}
    rebuilt = rebuild(read(as_bytes(submitted)), release())
    assert len(rebuilt.notebook["cells"]) > CELL_LIMIT
    again = rebuild(read(as_bytes(rebuilt.notebook), slack=2), release())
    assert again.notebook == rebuilt.notebook


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        read(content)
    except SpeechmarkError:
        return


def test_files_that_are_not_plain_are_refused(tmp_path: Path) -> None:
    real = tmp_path / "real.ipynb"
    real.write_bytes(as_bytes(release()))
    (tmp_path / "link.ipynb").symlink_to(real)
    (tmp_path / "folder.ipynb").mkdir()
    os.mkfifo(tmp_path / "pipe.ipynb")
    assert read(real) == release()
    for name, says in {"link": "symbolic link", "folder": "not a regular", "pipe": "not a regular",
                       "nothing": "No such file"}.items():  # fmt: skip
        with pytest.raises(SpeechmarkError, match=says):
            read(tmp_path / f"{name}.ipynb")


def test_reading_is_tolerant_of_how_honest_editors_write() -> None:
    notebook = honest()
    for each in notebook["cells"]:
        each["source"] = each["source"].splitlines(keepends=True)
        each["outputs"] = [{"output_type": "stream", "text": "x"}]
        each["attachments"] = {}
    text = json.dumps(notebook, indent=1).replace("\\n", "\\r\\n")
    for content in (text.encode(), text.encode("utf-8-sig"), text.encode("utf-16")):
        assert read(content) == honest()


def test_cell_ids_that_colab_puts_into_metadata_are_read() -> None:
    notebook = honest()
    for each in notebook["cells"]:
        each["metadata"] = {"id": each.pop("id")}
    assert [c["id"] for c in read(as_bytes(notebook))["cells"]] == [
        c["id"] for c in honest()["cells"]
    ]


def test_format_3_is_upgraded() -> None:
    cells = [
        {"cell_type": "heading", "level": 1, "source": "Title", "metadata": {}},
        {"cell_type": "code", "input": SOLVED["info_nce_solution"], "language": "python",
         "outputs": [], "metadata": {}},
    ]  # fmt: skip
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    assert ran(read(as_bytes(old)))["info_nce_solution"] == SOLVED["info_nce_solution"]


def test_characters_that_break_other_tools_are_replaced() -> None:
    notebook = honest()
    at(notebook, "info_nce_solution")["source"] = "a = 1\0 # \ud800 \U0001f600"
    assert at(read(as_bytes(notebook)), "info_nce_solution")["source"] == (
        "a = 1\ufffd # \ufffd \U0001f600"
    )


def test_honest_work_is_rebuilt_as_it_is() -> None:
    rebuilt = rebuild(honest(), release())
    assert rebuilt.repairs == []
    assert [(c.id, c.kind, c.part) for c in rebuilt.cells] == [
        ("setup", "setup", None),
        ("lab", "setup", None),
        ("info_nce_solution", "solution", "info_nce"),
        ("info_nce", "graded", "info_nce"),
        ("encoder_solution", "solution", "encoder"),
        ("encoder", "graded", "encoder"),
        ("latent_solution", "solution", "latent"),
        ("latent", "graded", "latent"),
    ]
    assert {c["id"]: c["source"] for c in rebuilt.notebook["cells"]} == {
        c["id"]: c["source"] for c in honest()["cells"]
    }


def test_an_untouched_release_runs_nothing_of_the_students() -> None:
    rebuilt = rebuild(release(), release())
    assert {c.kind for c in rebuilt.cells if c.source} == {"setup"}
    assert rebuilt.repairs == []


def test_a_missing_solution_cell_does_not_hide_a_definition_elsewhere() -> None:
    notebook = honest()
    both = SOLVED["info_nce_solution"] + "\n\n\n" + SOLVED["latent_solution"]
    at(notebook, "info_nce_solution")["source"] = both
    notebook["cells"].remove(at(notebook, "latent_solution"))
    rebuilt = rebuild(notebook, release())
    assert [c.source for c in rebuilt.cells if c.kind == "solution"] == [
        both, SOLVED["encoder_solution"]
    ]  # fmt: skip
    assert "raise NotImplementedError" in at(rebuilt.notebook, "latent_solution")["source"]
    assert any("'latent_solution'" in repair for repair in rebuilt.repairs)


def test_locked_cells_are_restored_and_definitions_added_to_them_kept() -> None:
    notebook = honest()
    at(notebook, "setup")["source"] = (
        "import math\nimport scipy\nmath.log = print\n\n\n@cache\ndef helper(x):\n    return x"
    )
    at(notebook, "info_nce")["source"] = "4.0"
    rebuilt = rebuild(notebook, release())
    assert at(rebuilt.notebook, "info_nce")["source"] == 'check("info_nce")'
    runs = [(c.id, c.source) for c in rebuilt.cells][:3]
    assert runs == [
        ("setup", "import math"),
        ("extra_1", "import scipy\nmath.log = print\n@cache\ndef helper(x):\n    return x"),
        ("lab", "from lab import check"),
    ]


def test_changed_text_is_kept_below_the_original() -> None:
    notebook = honest()
    at(notebook, "text-3")["source"] = "Discuss.\n\nMy answer went here."
    texts = [c["source"] for c in rebuild(notebook, release()).notebook["cells"]]
    place = texts.index("Discuss.")
    assert texts[place + 1] == "Discuss.\n\nMy answer went here."


def test_extra_cells_stay_behind_their_predecessor() -> None:
    notebook = honest()
    for after, source in {"lab": "a = 1", "encoder": "b = 2", "discussion": "c = 3"}.items():
        place = notebook["cells"].index(at(notebook, after))
        notebook["cells"].insert(place + 1, cell(source))
    rebuilt = rebuild(notebook, release())
    assert [c.source for c in rebuilt.cells if c.kind == "extra"] == ["a = 1", "b = 2", "c = 3"]
    order = [c["source"] for c in rebuilt.notebook["cells"]]
    assert order[order.index("a = 1") - 1] == "from lab import check"
    assert order[order.index("b = 2") - 1] == 'check("encoder")'
    assert order[-1] == "c = 3"


def test_of_two_solution_cells_the_last_filled_in_counts_and_the_other_stays() -> None:
    notebook = honest()
    place = notebook["cells"].index(at(notebook, "info_nce_solution"))
    second = copy.deepcopy(notebook["cells"][place])
    second["source"] = "def info_nce(z_a, z_b, temperature=0.2):\n    return 7"
    stub = copy.deepcopy(at(release(), "info_nce_solution"))
    notebook["cells"][place + 1 : place + 1] = [second, stub]
    rebuilt = rebuild(notebook, release())
    runs = [c.source for c in rebuilt.cells if "def info_nce" in c.source]
    assert runs == [SOLVED["info_nce_solution"], second["source"]]
    assert at(rebuilt.notebook, "info_nce_solution")["source"] == second["source"]
    assert any("3 times" in repair for repair in rebuilt.repairs)


def test_a_scratch_copy_does_not_displace_the_cell_that_is_marked() -> None:
    notebook = honest()
    scratch = cell("x = undefined\n\n\ndef info_nce(z_a, z_b):\n    return 0")
    notebook["cells"].append(scratch)
    rebuilt = rebuild(notebook, release())
    assert at(rebuilt.notebook, "info_nce_solution")["source"] == SOLVED["info_nce_solution"]
    assert rebuilt.cells[-1].source == scratch["source"]


def test_without_marks_an_experiment_below_the_graded_cell_does_not_displace_the_work() -> None:
    notebook = honest()
    scratch = cell("def info_nce(z_a, z_b):\n    return 0")
    notebook["cells"].append(scratch)
    for each in notebook["cells"]:
        each["metadata"], each["id"] = {}, ""
    rebuilt = rebuild(notebook, release())
    assert at(rebuilt.notebook, "info_nce_solution")["source"] == SOLVED["info_nce_solution"]
    assert rebuilt.cells[-1].source == scratch["source"]


def test_a_written_answer_without_marks_is_found_by_its_place() -> None:
    notebook = honest()
    answer = at(notebook, "discussion")
    answer["metadata"], answer["id"] = {}, "somewhere"
    assert at(rebuild(notebook, release()).notebook, "discussion")["source"] == ANSWER


def test_repairs_name_what_was_put_right_and_print_plainly() -> None:
    notebook = honest()
    at(notebook, "info_nce")["metadata"]["nbgrader"]["points"] = 400
    at(notebook, "encoder")["metadata"]["tags"] = ["skip-execution"]
    at(notebook, "latent")["cell_type"] = "markdown"
    at(notebook, "info_nce_solution")["metadata"]["nbgrader"]["grade_id"] = "\x1b[31mmine\n"
    repairs = rebuild(notebook, release()).repairs
    for says in ("(points)", "tags of cell 'encoder'", "'latent' is a code cell", "'[31mmine'"):
        assert any(says in repair for repair in repairs), says
    assert all(repair.isprintable() for repair in repairs)


def test_no_output_attachment_or_foreign_metadata_survives() -> None:
    notebook = honest()
    notebook["metadata"] = {"kernelspec": {"name": "evil"}, "widgets": {}}
    for each in notebook["cells"]:
        each["metadata"]["collapsed"] = each["metadata"]["slideshow"] = True
        each["outputs"] = [{"output_type": "execute_result"}]
        each["attachments"] = {"a.png": {}}
    rebuilt = rebuild(notebook, release()).notebook
    assert rebuilt["metadata"] == release()["metadata"]
    assert all(not c.get("outputs") and "attachments" not in c for c in rebuilt["cells"])
    assert [c["metadata"] for c in rebuilt["cells"]] == [c["metadata"] for c in release()["cells"]]


def test_digests_tell_work_from_work_and_nothing_else() -> None:
    tampered = honest()
    tampered["cells"].reverse()
    at(tampered, "encoder")["metadata"] = {}
    other = honest()
    at(other, "encoder_solution")["source"] += "\n"

    def work(notebook: Notebook) -> str:
        return digest(rebuild(notebook, release()).cells)

    assert work(tampered) == work(honest())
    assert work(other) != work(honest())


def test_magics_become_comments_only_where_that_makes_python() -> None:
    assert as_python("%%time\nx = 1\nif x:\n    !ls\nx?\n").count("pass  # ") == 3
    kept = "x = (7\n% 2)"
    assert as_python(kept) == kept
    assert as_python("def (") == "def ("


TAMPER = ("marks", "points", "kind", "id", "renamed", "repointed", "tags", "schema", "nonsense")


def tamper(each: Notebook, how: str, other: str) -> None:
    """Do to a cell's frame what an editor or a student may do; its text stays."""
    marks = each["metadata"].setdefault("nbgrader", {})
    marks = marks if isinstance(marks, dict) else {}
    if how == "marks":
        each["metadata"] = {}
    elif how == "kind":
        each["cell_type"] = "markdown" if each["cell_type"] == "code" else "raw"
    elif how == "id":
        each["id"] = other
    elif how == "tags":
        each["metadata"]["tags"] = ["skip-execution"]
    elif how == "nonsense":
        each["metadata"]["nbgrader"] = [other]
    else:
        key = {"points": "points", "schema": "schema_version"}.get(how, "grade_id")
        marks[key] = {"points": 400, "schema": 99, "renamed": f"my {other}"}.get(how, other)


NAMES = [each["id"] for each in release()["cells"]]
PLACE = st.integers(0, len(NAMES) - 1)


@settings(max_examples=100)
@given(
    done=st.lists(st.tuples(PLACE, st.sampled_from(TAMPER), st.sampled_from(NAMES)), max_size=9),
    doubled=st.lists(PLACE, max_size=3),
    removed=st.sets(PLACE, max_size=4),
    order=st.none() | st.randoms(use_true_random=False),
)
@example(
    done=[(3, "marks", "text-1"), (3, "kind", "text-1"), (3, "id", "text-1")],
    doubled=[],
    removed=set(),
    order=None,
)
@example(
    done=[(3, "kind", "text-1"), (3, "repointed", "setup")], doubled=[], removed=set(), order=None
)
@example(
    done=[(3, "kind", "text-1"), (3, "repointed", "encoder_solution")],
    doubled=[],
    removed=set(),
    order=None,
)
@example(
    done=[(3, "kind", "text-1"), (3, "repointed", "discussion")],
    doubled=[],
    removed=set(),
    order=None,
)
def test_whatever_is_done_to_its_frame_honest_work_survives(
    done: list[tuple[int, str, str]], doubled: list[int], removed: set[int], order: Any
) -> None:
    notebook = honest()
    cells = notebook["cells"]
    work = {id(each) for each in cells if each["source"] in {*SOLVED.values(), ANSWER}}
    for place, how, other in done:
        if NAMES[place] != "discussion":
            tamper(cells[place], how, other)
    for cell, name in zip(cells, NAMES, strict=True):
        marks = cell["metadata"].get("nbgrader")
        named = marks.get("grade_id") if isinstance(marks, dict) else None
        if cell["source"] in SOLVED.values() and name not in (cell["id"], named):
            cell["cell_type"] = "code"  # what has lost kind, marks and id is a text like any other
    doubles = [copy.deepcopy(cells[place]) for place in doubled]
    cells[:] = [c for i, c in enumerate(cells) if i not in removed or id(c) in work] + doubles
    if order:
        order.shuffle(cells)

    rebuilt = rebuild(read(as_bytes(notebook)), release())
    runs = {each.id: each.source for each in rebuilt.cells if each.kind == "solution"}
    assert runs == SOLVED
    assert at(rebuilt.notebook, "discussion")["source"] == ANSWER
    kept = {c["id"]: c for c in rebuilt.notebook["cells"]}
    assert len(kept) == len(rebuilt.notebook["cells"])
    for each in release()["cells"]:
        assert kept[each["id"]]["metadata"] == each["metadata"]
        if not each["metadata"].get("nbgrader", {}).get("solution"):
            assert kept[each["id"]]["source"] == each["source"]

    again = rebuild(rebuilt.notebook, release())
    assert again.notebook == rebuilt.notebook
    assert again.cells == rebuilt.cells
    assert again.repairs == []


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
ODD_CELLS = st.fixed_dictionaries(
    {
        "source": st.sampled_from([*SOLVED.values(), ANSWER, "", "def info_nce(", "\0\ud800"])
        | st.lists(st.text(max_size=5), max_size=3),
    },
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", "heading"]) | JSON,
        "id": st.sampled_from(["setup", "info_nce", "text-1"]) | JSON,
        "metadata": JSON
        | st.fixed_dictionaries(
            {"nbgrader": JSON | st.dictionaries(st.sampled_from(["grade_id", "points"]), JSON)}
        ),
    },
)


@given(data=st.data())
def test_a_damaged_notebook_is_refused_or_rebuilt(data: st.DataObject) -> None:
    content = bytearray(as_bytes(honest()))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(
            st.binary(max_size=3) | st.sampled_from([b"null", b"[]", b"{}", b'"', b"}"])
        )
        content[start : start + data.draw(st.integers(0, 20))] = piece
    try:
        submitted = read(bytes(content))
    except SpeechmarkError:
        return
    rebuilt = rebuild(submitted, release())
    json.dumps(rebuilt.notebook, allow_nan=False).encode()
    assert rebuild(rebuilt.notebook, release()).cells == rebuilt.cells


@given(cells=st.lists(ODD_CELLS, max_size=6), metadata=JSON)
def test_any_readable_notebook_can_be_rebuilt(cells: list[Any], metadata: Any) -> None:
    content = as_bytes({"nbformat": 4, "cells": cells, "metadata": metadata})
    rebuilt = rebuild(read(content), release())
    json.dumps(rebuilt.notebook, allow_nan=False).encode()
    assert all(each.source.encode() for each in rebuilt.cells if each.kind != "graded")
    assert rebuild(rebuilt.notebook, release()).cells == rebuilt.cells


@pytest.mark.parametrize(
    "added",
    ["EPS = 1e-12", "try:\n    import einops\nexcept ImportError:\n    einops = None",
     "if True:\n    device = 'cpu'", "math.log(2)"],
)  # fmt: skip
def test_whatever_is_added_to_a_cell_that_grading_runs_is_run_right_behind_it(added: str) -> None:
    notebook = honest()
    at(notebook, "setup")["source"] += f"\n\n{added}\n"
    rebuilt = rebuild(notebook, release())
    first, second = rebuilt.cells[:2]
    assert (first.source, second.kind, second.source) == ("import math", "extra", added)
    assert any(added.split("\n")[0] in repair for repair in rebuilt.repairs)


def test_what_is_added_to_a_demonstration_is_run_only_if_it_defines() -> None:
    notebook = honest()
    at(notebook, "training")["source"] += "\nfor _ in range(9):\n    train_for_minutes()\nimport re"
    assert [c.source for c in rebuild(notebook, release()).cells if c.kind == "extra"] == [
        "import re"
    ]


@pytest.mark.parametrize("offset", [0, 1])
def test_an_answer_in_a_text_cell_of_its_own_is_put_in_its_place(offset: int) -> None:
    notebook = honest()
    at(notebook, "discussion")["source"] = "YOUR ANSWER HERE"
    place = notebook["cells"].index(at(notebook, "discussion")) + offset
    notebook["cells"].insert(place, cell("Seven and one share an end.", kind="markdown"))
    rebuilt = rebuild(notebook, release())
    assert at(rebuilt.notebook, "discussion")["source"] == "Seven and one share an end."
    assert any("discussion" in repair for repair in rebuilt.repairs)


def test_an_answer_in_the_cell_of_the_question_is_put_in_its_place() -> None:
    notebook = honest()
    at(notebook, "discussion")["source"] = "YOUR ANSWER HERE"
    at(notebook, "text-3")["source"] = "Discuss.\n\nThe speakers gather too."
    rebuilt = rebuild(notebook, release())
    assert "The speakers gather too." in at(rebuilt.notebook, "discussion")["source"]


def test_the_same_cells_with_an_experiment_before_or_after_a_graded_cell_are_not_the_same_work():
    keys = set()
    for place in ("encoder_solution", "encoder"):
        notebook = honest()
        index = notebook["cells"].index(at(notebook, place))
        notebook["cells"].insert(index + 1, cell("def info_nce(z_a, z_b):\n    return 0"))
        keys.add(digest(rebuild(notebook, release()).cells))
    assert len(keys) == 2


@pytest.mark.parametrize("magic", ["%%time", "\n\n%%capture out", "%%prun"])
def test_a_solution_under_a_cell_magic_is_still_its_parts(magic: str) -> None:
    notebook = honest()
    del at(notebook, "info_nce_solution")["metadata"]["nbgrader"]
    source = f"{magic}\nfiles = !ls\n{SOLVED['info_nce_solution']}"
    at(notebook, "info_nce_solution") | {"id": "x"}
    notebook["cells"][3] |= {"id": "x", "source": source}
    (mine,) = (c for c in rebuild(notebook, release()).cells if c.part == "info_nce" and c.source)
    assert mine.kind == "solution"
