"""The command line: what a mistake of its user comes to."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from autograder import cli
from tests.conftest import ROOT


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty course, which one works in."""
    for name in ("solutions", "assignments", "nbgrader_config.py"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(
    words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    """Exit status and standard error of ``speechmark WORDS``."""
    monkeypatch.setattr(sys, "argv", ["speechmark", *words.split()])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0), capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("status nosuch", "There is: contrastive, masked, non_contrastive."),
        ("status contrastive", "submitted/<student>/contrastive/contrastive.ipynb"),
        ("grade contrastive missing.ipynb", "missing.ipynb is not a file"),
        ("grade contrastive missing.ipynb --jobs auto", "missing.ipynb is not a file"),
        ("grade contrastive --level 7", "not in the range"),
        ("grade contrastive --jobs many", "'many' is neither a number nor auto"),
        ("grade contrastive --jobs -1", "'-1' is neither a number nor auto"),
        ("grade contrastive --device tpu", "'auto', 'cpu', 'cuda'"),
        ("check missing.ipynb", "missing.ipynb"),
        ("check empty.ipynb", "empty"),
        ("similar contrastive --page file/page.html", "Cannot write file/page.html"),
        ("mark contrastive", "No such command 'mark'"),
    ],
)
def test_a_mistake_is_one_message_and_status_2(course, monkeypatch, capsys, words, answer) -> None:
    (course / "empty.ipynb").touch()
    (course / "file").touch()
    if words.startswith("similar"):
        folder = course / "submitted" / "ada" / "contrastive"
        folder.mkdir(parents=True)
        release = ROOT / "assignments" / "contrastive" / "contrastive.ipynb"
        (folder / "contrastive.ipynb").write_bytes(release.read_bytes())
    status, told = said(words, monkeypatch, capsys)
    assert status == 2
    assert answer in told
    assert "Traceback" not in told


def test_what_the_machine_refuses_is_one_message_too(course, monkeypatch, capsys) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(course / "results"))

    monkeypatch.setattr("autograder.doctor.examine", full)
    status, told = said("doctor --brief", monkeypatch, capsys)
    assert status == 2
    assert told.strip() == f"speechmark: {course / 'results'}: No space left on device"


def test_outside_a_course_one_is_told_where_to_go(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SPEECHMARK_COURSE", raising=False)
    status, told = said("grade contrastive", monkeypatch, capsys)
    assert status == 2
    assert "SPEECHMARK_COURSE" in told
