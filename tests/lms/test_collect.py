"""Every download lands where it belongs, once, with its time; what does not is accounted for."""

from __future__ import annotations

import contextlib
import io
import json
import os
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.course.assignment import Assignment
from autograder.course.timestamps import Clock, handed_in
from autograder.lms.collect import Collected, collect
from autograder.lms.downloads import Download
from autograder.lms.layouts import read_clue
from autograder.lms.origins import Origins
from autograder.lms.roster import Roster, read_roster
from autograder.support.errors import SpeechmarkError
from tests.lms.conftest import STUDENTS, Work, zipped


@pytest.fixture
def roster(assignment: Assignment) -> Roster:
    (assignment.course.root / "students.csv").write_text(STUDENTS, encoding="utf-8")
    return read_roster(assignment.course.root)


def submitted(assignment: Assignment) -> dict[str, str]:
    """Student to the answer in the notebook that lies in nbgrader's folder."""
    found = {}
    for path in (assignment.course.root / "submitted").glob("*/mini/mini.ipynb"):
        cells = {cell["id"]: cell["source"] for cell in json.loads(path.read_text())["cells"]}
        found[path.parts[-3]] = cells["discussion"]
    return found


def time_of(assignment: Assignment, student: str) -> datetime | None:
    return handed_in(assignment.course.root / "submitted" / student / "mini", Clock())


def done(found: Collected) -> dict[str, str]:
    return {entry.path: entry.done for entry in found.entries}


MOODLE = "Jane Doe_101_assignsubmission_file_"


def downloads(work: Work) -> dict[str, Mapping[str, bytes]]:
    """The same two students' work as each system names it."""
    jane, oscar = work("Jane's"), work("Oscar's")
    metadata = b"""---
submission_9:
  :submitters:
  - :name: Jane Doe
    :sid: '77'
    :email: jane@uni.edu
  :created_at: 2026-01-10 09:30:00.250000000 Z
  :score:
submission_8:
  :submitters:
  - :name: Oscar K
    :email: o.kim@uni.edu
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2026-01-09 08:00:00.000000000 Z
    zone: !ruby/object:ActiveSupport::TimeZone
      name: Etc/UTC
    time: 2026-01-09 08:00:00.000000000 Z
"""
    return {
        "moodle folders": {
            f"{MOODLE}/mini.ipynb": jane,
            "Óscar Kim-Lee_102_assignsubmission_file/Kopie von mini (1).ipynb": oscar,
        },
        "moodle flat": {
            f"{MOODLE}mini.ipynb": jane,
            "Gruppe 3-Óscar Kim-Lee_102_assignsubmission_file_mini-1.ipynb": oscar,
        },
        "canvas": {
            "doejane_5_71_mini.ipynb": jane,
            "kimleeoscar_LATE_6_72_mini-2.ipynb": oscar,
        },
        "gradescope": {
            "assignment_1_export/submission_9/mini.ipynb": jane,
            "assignment_1_export/submission_8/mini (2).ipynb": oscar,
            "assignment_1_export/submission_metadata.yml": metadata,
        },
        "classroom": {
            "Mini/Jane Doe - mini.ipynb": jane,
            "Mini/Copy of Oscar Kim Lee - mini.ipynb": oscar,
        },
        "forms": {"mini - Jane Doe.ipynb": jane, "mini (1) - Oscar Kim-Lee.ipynb": oscar},
        "folder": {"jdoe.ipynb": jane, "okim_mini.ipynb": oscar},
        "folders": {"Doe, Jane/anything.ipynb": jane, "o.kim/mini/mini-Copy1.ipynb": oscar},
    }


SYSTEMS = ["moodle folders", "moodle flat", "canvas", "gradescope", "classroom", "forms",
           "folder", "folders"]  # fmt: skip


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("packed", ["zip", "folder"])
def test_every_system_s_download_reaches_the_students_of_the_roster(
    assignment: Assignment, roster: Roster, work: Work, tmp_path: Path, system: str, packed: str
) -> None:
    where = zipped(tmp_path / "all.zip", downloads(work)[system])
    if packed == "folder":
        with zipfile.ZipFile(where) as archive:
            archive.extractall(where := tmp_path / "all")
    found = collect(assignment, where, roster)
    assert submitted(assignment) == {"jdoe": "Jane's", "okim": "Oscar's"}
    assert set(done(found).values()) == {"new"}
    assert found.missing == ["ada1", "mary", "late"]


@pytest.mark.parametrize("system", SYSTEMS)
def test_without_a_roster_each_student_is_told_apart(
    assignment: Assignment, work: Work, tmp_path: Path, system: str
) -> None:
    collect(assignment, zipped(tmp_path / "all.zip", downloads(work)[system]), Roster({}))
    assert sorted(submitted(assignment).values()) == ["Jane's", "Oscar's"]


def test_a_dry_run_says_the_same_and_changes_nothing(
    assignment: Assignment, roster: Roster, work: Work, tmp_path: Path
) -> None:
    where = zipped(tmp_path / "all.zip", downloads(work)["canvas"])
    before = sorted(assignment.course.root.rglob("*"))
    told = collect(assignment, where, roster, dry_run=True)
    assert sorted(assignment.course.root.rglob("*")) == before
    assert told == collect(assignment, where, roster)


def test_the_latest_of_several_counts_and_the_others_are_named(
    assignment: Assignment, roster: Roster, work: Work, tmp_path: Path
) -> None:
    names = ["jdoe/mini.ipynb", "jdoe/mini (2).ipynb", "jdoe/mini (1).ipynb"]
    where = zipped(tmp_path / "a.zip", {name: work(name) for name in names})
    found = collect(assignment, where, roster)
    assert submitted(assignment) == {"jdoe": names[1]}
    assert done(found) == {names[0]: "older", names[1]: "new", names[2]: "older"}
    assert all(names[1] in e.why for e in found.entries if e.done == "older")
    later = {names[0]: datetime(2026, 1, 11, 9)}
    where = zipped(tmp_path / "b.zip", {name: work(name) for name in names}, later)
    assert done(collect(assignment, where, roster))[names[0]] == "replaced"
    assert submitted(assignment) == {"jdoe": names[0]}
    kept = list((assignment.course.root / ".speechmark/replaced/mini/jdoe").iterdir())
    assert [path.read_bytes() for path in kept] == [work(names[1])]


def test_what_was_handed_in_later_is_not_replaced_by_an_older_download(
    assignment: Assignment, roster: Roster, work: Work, tmp_path: Path
) -> None:
    new = zipped(tmp_path / "b.zip", {"jdoe.ipynb": work("new")},
                 {"jdoe.ipynb": datetime(2026, 1, 11)})  # fmt: skip
    old = zipped(tmp_path / "a.zip", {"jdoe.ipynb": work("old")})
    collect(assignment, new, roster)
    (entry,) = collect(assignment, old, roster).entries
    assert entry.done == "older"
    assert submitted(assignment) == {"jdoe": "new"}
    assert done(collect(assignment, new, roster)) == {"jdoe.ipynb": "unchanged"}


def test_a_time_that_the_exchange_wrote_is_read_as_grading_reads_it(
    assignment: Assignment, roster: Roster, work: Work, tmp_path: Path
) -> None:
    old = zipped(tmp_path / "a.zip", {"jdoe.ipynb": work("old")},
                 {"jdoe.ipynb": datetime(2026, 1, 11, 9)})  # fmt: skip
    folder = assignment.course.root / "submitted/jdoe/mini"
    folder.mkdir(parents=True)
    (folder / "mini.ipynb").write_bytes(work("by the exchange"))
    moscow, utc = Clock(ZoneInfo("Europe/Moscow")), ZoneInfo("UTC")
    for stamp, kept in (
        ("2026-01-11 12:30:00.000000 MSK", True),  # half an hour later
        ("2026-01-11 11:30:00.000000 MSK", False),
        ("Sun Jan 11 09:30:00 UTC 2026", True),
        ("yesterday, or so", True),
    ):
        (folder / "timestamp.txt").write_text(stamp)
        found = collect(assignment, old, roster, dry_run=True, zone=utc, clock=moscow)
        assert done(found) == {"jdoe.ipynb": "older" if kept else "replaced"}
    assert "not a time that can be read" in found.entries[0].why


def test_the_time_of_handing_in_is_the_download_s_in_the_zone_that_is_named(
    assignment: Assignment, roster: Roster, work: Work, tmp_path: Path
) -> None:
    where = zipped(tmp_path / "a.zip", downloads(work)["forms"])
    collect(assignment, where, roster, zone=ZoneInfo("Asia/Tokyo"))
    assert time_of(assignment, "jdoe") == datetime(2026, 1, 10, 3, tzinfo=UTC)
    where = zipped(tmp_path / "b.zip", downloads(work)["gradescope"])
    collect(assignment, where, roster)
    assert time_of(assignment, "okim") == datetime(2026, 1, 9, 8, tzinfo=UTC)


def moodle_class(work: Work) -> dict[str, bytes]:
    names = {"Jane Doe": 1, "Oscar Kim-Lee": 2, "Late Comer": 3}
    return {f"{n}_{i}_assignsubmission_file/mini.ipynb": work(n) for n, i in names.items()}


def test_a_time_that_is_the_download_s_own_is_nobody_s(
    assignment: Assignment, roster: Roster, work: Work, tmp_path: Path
) -> None:
    found = collect(assignment, zipped(tmp_path / "a.zip", moodle_class(work)), roster)
    assert time_of(assignment, "late") is None
    assert "worksheet" in found.notes[0]


def test_moodle_s_worksheet_says_who_and_when(
    assignment: Assignment, roster: Roster, work: Work, tmp_path: Path
) -> None:
    hidden = {f"Participant_{i}_assignsubmission_file/mini.ipynb": work(str(i)) for i in (1, 2, 3)}
    where = zipped(tmp_path / "in" / "a.zip", hidden).parent
    (where / "Grades-Mini-9.csv").write_text(
        'Identifier,"Full name","Email address",Status,Grade,"Last modified (submission)"\n'
        'Participant 1,J,jane@uni.edu,Submitted,-,"Saturday, 10 January 2026, 5:06 PM"\n'
        'Participant 2,O,o.kim@uni.edu,Submitted,-,"Saturday, 10 January 2026, 17:07"\n'
        "Participant 3,Late Comer,,Submitted,-,-\n"
    )
    found = collect(assignment, where, roster, zone=ZoneInfo("Europe/Berlin"))
    assert submitted(assignment) == {"jdoe": "1", "okim": "2", "late": "3"}
    assert time_of(assignment, "jdoe") == datetime(2026, 1, 10, 16, 6, tzinfo=UTC)
    assert time_of(assignment, "okim") == datetime(2026, 1, 10, 16, 7, tzinfo=UTC)
    assert time_of(assignment, "late") is None
    assert len(found.notes) == 1


def test_zips_inside_are_looked_into_and_what_is_no_submission_is_said(
    assignment: Assignment, roster: Roster, work: Work, tmp_path: Path
) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("my work/mini.ipynb", work("zipped"))
        archive.writestr("__MACOSX/my work/._mini.ipynb", b"junk")
        archive.writestr("../../../escape.ipynb", work("escaped"))
    empty = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    where = zipped(
        tmp_path / "all.zip",
        {
            f"{MOODLE}/homework.zip": inner.getvalue(),
            "Óscar Kim-Lee_102_assignsubmission_file_/mini.ipynb": b'{"cells": [',
            "Late Comer_103_assignsubmission_file_/Untitled.ipynb": empty,
            "Late Comer_103_assignsubmission_file_/broken.zip": b"PK no zip",
            "Jack Nobody_104_assignsubmission_file_/mini.ipynb": work("who?"),
            "mini.ipynb": work("whose?"),
        },
    )
    found = collect(assignment, where, roster)
    assert set(submitted(assignment)) == {"jdoe"}
    why = {entry.path.rpartition("/")[0][:4]: entry.why for entry in found.entries}
    assert "truncated" in why["Ósca"]
    assert "no cell of it is a cell of mini" in {e.why for e in found.entries}
    assert "nobody in students.csv is 'Jack Nobody'" in why["Jack"]
    assert "does not say whose" in why[""]
    assert any("no zip that can be read" in entry.why for entry in found.entries)
    outside = set(tmp_path.iterdir()) | set(tmp_path.parent.glob("escape*"))
    assert outside == {tmp_path / "all.zip", tmp_path / "course"}


def test_a_notebook_of_another_assignment_is_left_out(
    assignment: Assignment, roster: Roster, work: Work, tmp_path: Path
) -> None:
    other = assignment.course.root / "solutions" / "maxi"
    other.mkdir()
    (other / "assignment.toml").touch()
    where = zipped(
        tmp_path / "a.zip", {"jdoe/maxi (1).ipynb": work("m"), "jdoe/x.ipynb": work("x")}
    )
    found = collect(assignment, where, roster)
    assert submitted(assignment) == {"jdoe": "x"}
    assert "maxi" in found.entries[0].why


def test_a_group_s_notebook_goes_to_each_member_and_the_latest_counts(
    assignment: Assignment, roster: Roster, work: Work, tmp_path: Path
) -> None:
    files = {"ada1.ipynb": work("first"), "mary.ipynb": work("last")}
    where = zipped(tmp_path / "a.zip", files, {"mary.ipynb": datetime(2026, 1, 11)})
    found = collect(assignment, where, roster)
    assert submitted(assignment) == {"ada1": "last", "mary": "last"}
    assert done(found) == {"ada1.ipynb": "older", "mary.ipynb": "new"}
    where = zipped(tmp_path / "b.zip", {"engines/mini.ipynb": work("by its name")},
                   {"engines/mini.ipynb": datetime(2026, 1, 12)})  # fmt: skip
    collect(assignment, where, roster)
    assert set(submitted(assignment).values()) == {"by its name"}


def test_a_name_that_two_students_bear_is_left_to_a_person(
    assignment: Assignment, work: Work, tmp_path: Path
) -> None:
    roster_file = assignment.course.root / "students.csv"
    roster_file.write_text("id,first_name,last_name\na,Jo,Li\nb,Jo,Li\n")
    where = zipped(tmp_path / "a.zip", {"Jo Li/mini.ipynb": work("?"), "b/mini.ipynb": work("b")})
    found = collect(assignment, where, read_roster(assignment.course.root))
    assert submitted(assignment) == {"b": "b"}
    assert found.entries[0].why == "'Jo Li' may be a or b"


def test_a_pattern_of_nbgrader_s_own_reads_what_no_layout_knows(
    assignment: Assignment, roster: Roster, work: Work, tmp_path: Path
) -> None:
    from nbgrader.plugins import FileNameCollectorPlugin

    pattern = r".*ps1_(?P<student_id>\w+)_attempt_(?P<timestamp>[0-9\-]+)_(?P<file_id>\w+)"
    plugin = FileNameCollectorPlugin(named_regexp=pattern)
    name = "ps1_okim_attempt_2026-01-30-15-00-00_mini.ipynb"
    where = zipped(tmp_path / "a.zip", {name: work("o"), "jdoe.ipynb": work("j")})
    found = collect(assignment, where, roster, pattern=plugin.collect)
    assert submitted(assignment) == {"okim": "o"}
    assert time_of(assignment, "okim") == datetime(2026, 1, 30, 15, tzinfo=UTC)
    assert done(found)["jdoe.ipynb"] == "skipped"


def test_the_way_back_is_kept(
    assignment: Assignment, roster: Roster, work: Work, tmp_path: Path
) -> None:
    collect(assignment, zipped(tmp_path / "a.zip", downloads(work)["canvas"]), roster)
    assert Origins(assignment).of("okim") == {
        "system": "canvas", "canvas": "6", "attachment": "72", "name": "kimleeoscar", "late": True
    }  # fmt: skip
    assert Origins(assignment).of("ada1") == {}


def test_a_link_in_a_download_or_a_student_s_folder_leads_nowhere(
    assignment: Assignment, roster: Roster, work: Work, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.ipynb").write_bytes(work("secret"))
    os.symlink(tmp_path / "secret.ipynb", tmp_path / "in" / "jdoe.ipynb")
    collect(assignment, tmp_path / "in", roster)
    assert submitted(assignment) == {}
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (assignment.course.root / "submitted").mkdir()
    (assignment.course.root / "submitted" / "okim").symlink_to(elsewhere)
    found = collect(assignment, zipped(tmp_path / "a.zip", {"okim.ipynb": work("o")}), roster)
    assert "is a link" in found.entries[0].why
    assert not list(elsewhere.iterdir())


def test_nothing_there_is_one_message(assignment: Assignment, tmp_path: Path) -> None:
    with pytest.raises(SpeechmarkError, match="neither a folder nor a zip"):
        collect(assignment, tmp_path / "missing.zip", Roster({}))


paths = st.lists(st.text(st.characters(exclude_characters="/\x00"), max_size=30), min_size=1)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(paths)
def test_no_path_whatever_stops_the_reading(parts: list[str]) -> None:
    clue = read_clue([*parts[:-1], f"{parts[-1]}.ipynb"], "mini", {})
    assert clue is None or all(isinstance(name, str) for names in clue.people for name in names)


ZIP_KINDS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def _zip_of_all_kinds() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for kind in ZIP_KINDS:
            inner = io.BytesIO()
            with zipfile.ZipFile(inner, "w") as inside:
                inside.writestr("mini.ipynb", b"{}" * 50, kind)
            archive.writestr(f"Ада {kind}/mini.ipynb", b"some words " * 40, kind)
            archive.writestr(f"Ада {kind}/mini.zip", inner.getvalue())
    return packed.getvalue()


@given(
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4),
    kept=st.just(1.0) | st.floats(0, 1),
)
@settings(max_examples=200)
def test_a_garbled_zip_is_left_out_with_a_message(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[float, int]], kept: float
) -> None:
    content = bytearray(_zip_of_all_kinds())
    for place, byte in changes:
        content[int(place * len(content))] = byte
    path = tmp_path_factory.mktemp("download") / "all.zip"
    path.write_bytes(content[: int(kept * len(content))])
    with Download(path) as download:
        for file in download.files():
            with contextlib.suppress(SpeechmarkError):
                file.read()
