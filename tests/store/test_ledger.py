"""The ledger: what a regrade changes for whom, and a log that keeps what it was told."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from autograder.course.results import Environment, PartResult, SubmissionResult
from autograder.store.changes import Change, Standing, changes, regraded, table, words
from autograder.store.ledger import Ledger
from autograder.support.errors import SpeechmarkError

WHERE = Environment(
    kit="0", torch="0", python="3", device="cpu", threads=1, level=3, suites="first suites"
)


def result(
    name: str,
    parts: Mapping[str, float],
    *,
    key: str = "k1",
    suites: str = "first suites",
    graded: bool = True,
    outcome: str = "passed",
) -> SubmissionResult:
    return SubmissionResult(
        name=name,
        assignment="contrastive",
        key=f"{key} of {name}",
        score=sum(parts.values()),
        max_score=4.0 * len(parts),
        parts=[
            PartResult(id=part, score=points, max_score=4.0, outcome=outcome, tests=[])
            for part, points in parts.items()
        ],
        graded=graded,
        environment=WHERE.model_copy(update={"suites": suites}),
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger" / "contrastive.jsonl")


def write(ledger: Ledger, *results: SubmissionResult, reason: str = "because") -> None:
    ledger.record(changes(ledger.latest(), results), reason)


def printed(thing: object) -> str:
    console = Console(width=120)
    with console.capture() as capture:
        console.print(thing)
    return capture.get()


def test_a_regrade_says_old_and_new_points_of_the_parts_that_differ(ledger):
    write(ledger, result("ada", {"fade": 2, "info_nce": 4}), result("bea", {"fade": 1}))
    new = [
        result("ada", {"fade": 4, "info_nce": 4}, key="k2", suites="fixed suites"),
        result("bea", {"fade": 1}, key="k2", suites="fixed suites"),
    ]
    found = changes(ledger.latest(), new)
    assert {change.name: change.parts for change in found} == {"ada": {"fade": (2, 4)}, "bea": {}}
    assert [change.name for change in regraded(found)] == ["ada"]
    shown = printed(table(found))
    assert "fade 2 → 4" in shown
    assert "+2" in shown
    assert "bea" not in shown
    assert words(found) == "1 grade changes (1 up, 0 down), 0 first grades"


def test_a_regrade_that_is_not_written_leaves_no_trace(ledger):
    write(ledger, result("ada", {"fade": 2}))
    changes(ledger.latest(), [result("ada", {"fade": 0}, suites="other")])
    assert ledger.latest()["ada"].score == 2


def test_grading_again_after_no_change_records_nothing(ledger, tmp_path):
    write(ledger, result("ada", {"fade": 2}))
    before = (tmp_path / "ledger" / "contrastive.jsonl").read_bytes()
    write(ledger, result("ada", {"fade": 2}))
    assert (tmp_path / "ledger" / "contrastive.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("second", "cause"),
    [
        ({"key": "k2"}, "handed in anew"),
        ({"key": "k2", "suites": "fixed suites"}, "graded anew"),
        ({"key": "k1"}, "graded anew"),
    ],
    ids=["other work", "other suites", "the same work by the same suites"],
)
def test_who_is_at_the_bottom_of_a_change_is_told(ledger, second, cause):
    write(ledger, result("ada", {"fade": 2}))
    (change,) = changes(ledger.latest(), [result("ada", {"fade": 4}, **second)])
    assert change.cause == cause
    assert bool(regraded([change])) == (cause == "graded anew")


def test_a_resubmission_after_a_regrade_that_changed_nothing_needs_no_reason(ledger):
    write(ledger, result("ada", {"fade": 2}))
    write(ledger, result("ada", {"fade": 2}, key="k2", suites="fixed suites"))
    (change,) = changes(
        ledger.latest(), [result("ada", {"fade": 4}, key="k3", suites="fixed suites")]
    )
    assert change.cause == "handed in anew"


@pytest.mark.parametrize("fault", [{"graded": False}, {"outcome": "grader"}])
def test_a_result_that_is_the_graders_fault_changes_no_grade(ledger, fault):
    write(ledger, result("ada", {"fade": 2}))
    assert changes(ledger.latest(), [result("ada", {"fade": 0}, key="k2", **fault)]) == []


def test_an_entry_says_when_why_by_what_and_from_what_to_what(ledger):
    write(ledger, result("ada", {"fade": 2}), reason="first grading")
    write(
        ledger,
        result("ada", {"fade": 4}, key="k2", suites="fixed suites"),
        reason="test_linear was too strict",
    )
    first, second = ledger.entries()
    assert first["reason"] == "first grading"
    assert second["reason"] == "test_linear was too strict"
    assert second["suites"] == ["fixed suites"]
    assert second["kit"]
    assert second["time"] >= first["time"]
    (change,) = second["changes"]
    assert change["cause"] == "graded anew"
    assert change["before"]["parts"] == {"fade": 2}
    assert change["after"]["parts"] == {"fade": 4}


points = st.dictionaries(
    st.sampled_from(["fade", "info_nce", "encoder"]), st.integers(0, 4), min_size=1
)


@settings(max_examples=30)
@given(
    st.lists(
        st.dictionaries(st.text(min_size=1, max_size=5), points, max_size=4), min_size=1, max_size=5
    )
)
def test_the_latest_is_what_was_written_last_whatever_came_before(tmp_path_factory, writes):
    ledger = Ledger(tmp_path_factory.mktemp("ledger") / "log.jsonl")
    last: dict[str, dict[str, float]] = {}
    for number, written in enumerate(writes):
        write(ledger, *(result(name, p, key=f"k{number}") for name, p in written.items()))
        last.update(written)
    assert {name: standing.parts for name, standing in ledger.latest().items()} == last


def test_a_line_that_a_power_cut_left_unfinished_costs_nothing_else(ledger, tmp_path):
    path = tmp_path / "ledger" / "contrastive.jsonl"
    write(ledger, result("ada", {"fade": 2}))
    whole = path.read_bytes()
    write(ledger, result("bea", {"fade": 3}))
    torn = path.read_bytes()[:-40]
    assert torn.startswith(whole)
    path.write_bytes(torn)
    assert ledger.latest().keys() == {"ada"}
    write(ledger, result("bea", {"fade": 3}), result("chi", {"fade": 1}))
    assert ledger.latest().keys() == {"ada", "bea", "chi"}


def test_the_log_is_only_ever_appended_to(ledger, tmp_path):
    path = tmp_path / "ledger" / "contrastive.jsonl"
    content = b""
    for number in range(4):
        write(ledger, result("ada", {"fade": number}, key=f"k{number}"))
        assert path.read_bytes().startswith(content)
        content = path.read_bytes()
    assert [len(json.loads(line)["changes"]) for line in content.splitlines()] == [1] * 4


def test_two_processes_that_write_at_once_both_leave_their_entries(tmp_path):
    path = tmp_path / "log.jsonl"
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from autograder.store.changes import Change, Standing\n"
        "from autograder.store.ledger import Ledger\n"
        "who = sys.argv[2]\n"
        "for number in range(30):\n"
        "    after = Standing(1.0, 1.0, {'fade': 1.0}, 'k' * 5000, 's', 'k', 'cpu')\n"
        "    Ledger(Path(sys.argv[1])).record([Change(f'{who}{number}', None, after)], 'x')\n"
    )
    command = [sys.executable, "-c", script, str(path)]
    running = [subprocess.Popen([*command, who]) for who in "ab"]
    assert [process.wait() for process in running] == [0, 0]
    assert len(Ledger(path).latest()) == 60


def test_an_empty_ledger_is_one_where_nobody_has_a_grade(ledger):
    assert ledger.latest() == {}
    (change,) = changes({}, [result("ada", {"fade": 0})])
    assert change.cause == "first grade"


def test_a_ledger_of_another_version_is_one_clear_message(ledger, tmp_path):
    path = tmp_path / "ledger" / "contrastive.jsonl"
    path.parent.mkdir()
    path.write_text('{"changes": [{"name": "ada", "after": {"points": 3}}]}\n')
    with pytest.raises(SpeechmarkError, match="Put it aside"):
        ledger.latest()


def test_names_are_printed_as_plain_text():
    before, after = (Standing(x, 4.0, {"[red]fade": x}, "k", "s", "kit", "cpu") for x in (1.0, 2.0))
    shown = printed(table([Change("[bold]ada\x1b[31m", before, after)]))
    assert "[bold]ada" in shown
    assert "\x1b" not in shown
