"""The exam: what the worker is given of a corpus, and what stays on this side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import safetensors.torch
import torch

from autograder.course.assignment import Assignment, Course
from autograder.grading import exam
from autograder.grading.exam import CLIPS_FILE, prepare
from autograder.support.errors import SpeechmarkError
from spoken_digits import Corpus, card
from tests.conftest import change, copy_course

TAKES, SAMPLES = 2, 4000


@pytest.fixture
def corpus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Corpus:
    """FSDD's speakers, two takes of each digit; a clip's loudest tone tells which clip it is."""
    speakers = card("fsdd").speakers
    rows = [(s, d, t) for s in range(len(speakers)) for d in range(10) for t in range(TAKES)]
    speaker_ids, digits, takes = torch.tensor(rows).T
    time = torch.arange(SAMPLES) / 8000
    tones = 200.0 + 25 * torch.arange(len(rows))
    made = Corpus(
        name="fsdd",
        waves=0.5 * torch.sin(2 * torch.pi * tones[:, None] * time),
        lengths=torch.full((len(rows),), SAMPLES),
        digits=digits,
        speaker_ids=speaker_ids,
        speaker_names=speakers,
        takes=takes,
        sample_rate=8000,
        digest="tones",
    )
    monkeypatch.setenv("SPEECHMARK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(exam, "load", lambda name: made)
    return made


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    return Course(copy_course(tmp_path / "course")).assignment("contrastive")


def clip_of(waves: torch.Tensor) -> torch.Tensor:
    """Which clips of the corpus these are, by their loudest tones."""
    bins = torch.fft.rfft(waves, n=8000).abs().argmax(1)
    return ((bins - 200) / 25).round().long()


def test_the_worker_is_given_the_waves_of_training_speakers_and_every_log_mel_and_no_more(
    assignment: Assignment, corpus: Corpus
) -> None:
    made = prepare(assignment, "fsdd")
    assert [path.name for path in made.exchange.iterdir()] == [CLIPS_FILE]
    given = safetensors.torch.load_file(made.exchange / CLIPS_FILE)
    assert given.keys() == {"waves", "mels"}
    assert len(given["mels"]) == len(corpus)
    heard = {corpus.speakers[i] for i in clip_of(given["waves"]).tolist()}
    assert heard == set(corpus.speaker_names) - set(card("fsdd").test_speakers)


def test_labels_belong_to_the_clips_in_the_order_in_which_the_worker_has_them(
    assignment: Assignment, corpus: Corpus
) -> None:
    made = prepare(assignment, "fsdd")
    given = safetensors.torch.load_file(made.exchange / CLIPS_FILE)
    clips = clip_of(given["waves"])
    assert torch.equal(corpus.digits[clips], made.digits[made.is_train])
    speakers = [name for name, train in zip(made.speakers, made.is_train, strict=True) if train]
    assert [corpus.speakers[i] for i in clips.tolist()] == speakers


def again(assignment: Assignment) -> Assignment:
    """The assignment as another command would read it."""
    return Course(assignment.course.root).assignment(assignment.name)


def test_the_order_is_the_same_at_every_run_and_after_a_suite_is_edited(
    assignment: Assignment, corpus: Corpus
) -> None:
    first, second = prepare(assignment, "fsdd"), prepare(assignment, "fsdd")
    change(assignment, "hidden/test_representation.py", "import", "# edited\nimport")
    for other in (second, prepare(again(assignment), "fsdd")):
        assert torch.equal(first.digits, other.digits)
        assert first.exchange == other.exchange


def test_the_order_is_another_for_another_reference_and_so_are_the_training_runs(
    assignment: Assignment, corpus: Corpus
) -> None:
    first, before = prepare(assignment, "fsdd"), assignment.training_digest([])
    change(assignment, "contrastive.py", "class Encoder(", "# edited\nclass Encoder(")
    other = prepare(again(assignment), "fsdd")
    assert not torch.equal(first.digits, other.digits)
    assert first.exchange != other.exchange
    assert again(assignment).training_digest([]) != before


def test_clips_that_another_kit_has_left_are_not_trained_on(
    assignment: Assignment, corpus: Corpus
) -> None:
    path = prepare(assignment, "fsdd").exchange / CLIPS_FILE
    right = path.read_bytes()
    mels = safetensors.torch.load(right)
    path.write_bytes(safetensors.torch.save({**mels, "mels": mels["mels"] + 1}))
    prepare(assignment, "fsdd")
    assert path.read_bytes() == right


def test_a_corpus_without_a_threshold_is_refused_with_the_command_that_finds_one(
    assignment: Assignment, corpus: Corpus
) -> None:
    (assignment.folder / "calibration.json").write_text("{}")
    with pytest.raises(SpeechmarkError, match="speechmark calibrate contrastive --corpus fsdd"):
        prepare(assignment, "fsdd")
    assert prepare(assignment, "fsdd", calibrating=True).threshold == 1.0


def test_what_tells_the_digit_is_found_by_both_probes(
    assignment: Assignment, corpus: Corpus
) -> None:
    made = prepare(assignment, "fsdd")
    telling = torch.eye(10)[made.digits]
    assert made.probe(telling) == made.knn(telling) == 1.0
    assert replace(made, digits=made.digits.roll(7)).probe(telling) < 0.5
