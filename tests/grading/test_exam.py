"""The exam: what the worker is given of a corpus, and what stays on this side."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from autograder.course.assignment import Assignment, Course
from autograder.course.calibration import as_text
from autograder.grading import exam
from autograder.grading.exam import Exam, choose_corpus, prepare
from autograder.lab.training import INPUTS
from autograder.support.errors import SpeechmarkError
from spoken_digits import Corpus, card
from spoken_digits.features import corpus_log_mel
from tests.conftest import clips_of, tones
from tests.grading.toy import calibrated, toy

pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture
def corpus(monkeypatch: pytest.MonkeyPatch) -> Corpus:
    """Tones in the place of FSDD: a clip's pitch tells which clip it is."""
    made = tones()
    monkeypatch.setattr(exam, "load", lambda name: made)
    return made


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    made = toy(tmp_path / "course")
    text = as_text({"fsdd": calibrated(0.8, short=0.7)})
    (made.folder / "calibration.json").write_text(text)
    return made


def again(assignment: Assignment) -> Assignment:
    """The assignment as another command would read it."""
    return Course(assignment.course.root).assignment(assignment.name)


def heard(corpus: Corpus, clips: torch.Tensor) -> set[str]:
    """The speakers of clips, by number."""
    return {corpus.speakers[i] for i in clips.tolist()}


def test_inputs_for_training_hold_clips_of_training_speakers_alone(assignment, corpus):
    given = prepare(assignment, "fsdd").handed(INPUTS)
    assert given.keys() == set(INPUTS)
    training = set(corpus.speaker_names) - set(card("fsdd").test_speakers)
    assert heard(corpus, clips_of(given["train_waves"])) == training
    assert heard(corpus, clips_of(given["waves"])) == set(corpus.speaker_names)
    assert len(given["train_mels"]) == len(given["train_waves"]) < len(corpus)
    assert len(given["mels"]) == len(given["waves"]) == len(corpus)
    mels = corpus_log_mel(corpus)
    assert torch.equal(given["mels"], mels[clips_of(given["waves"])])
    assert torch.equal(given["train_mels"], mels[clips_of(given["train_waves"])])


def test_only_what_is_asked_for_is_handed(assignment, corpus):
    assert prepare(assignment, "fsdd").handed(["train_mels"]).keys() == {"train_mels"}


def test_clips_are_handed_in_an_order_that_tells_nothing(assignment, corpus):
    handed = clips_of(prepare(assignment, "fsdd").handed(["waves"])["waves"])
    assert torch.equal(handed.sort().values, torch.arange(len(corpus)))
    place = torch.arange(len(corpus)).double()
    for column in (handed, corpus.digits[handed], corpus.speaker_ids[handed]):
        assert abs(torch.corrcoef(torch.stack([place, column.double()]))[0, 1]) < 0.35


def test_training_clips_come_in_the_order_of_all_clips(assignment, corpus):
    made = prepare(assignment, "fsdd")
    given = made.handed(["train_waves", "waves"])
    handed = clips_of(given["waves"])
    assert torch.equal(clips_of(given["train_waves"]), handed[made.is_train[handed]])


def test_embeddings_are_put_back_into_the_order_of_the_corpus(assignment, corpus):
    made = prepare(assignment, "fsdd")
    handed = made.handed(["waves"])["waves"]
    assert torch.equal(clips_of(made.restored(handed)), torch.arange(len(corpus)))
    assert made.digits is corpus.digits
    assert made.speakers == corpus.speakers


def test_a_network_takes_its_shape_from_two_clips_of_training_speakers(assignment, corpus):
    made = prepare(assignment, "fsdd")
    clips = clips_of(made.sample["waves"])
    assert len(clips) == 2
    assert bool(made.is_train[clips].all())
    assert torch.equal(made.sample["mels"], corpus_log_mel(corpus)[clips])
    first = made.handed(["train_waves"])["train_waves"][:2]
    assert torch.equal(made.sample["waves"], first)


def test_the_order_is_the_same_at_every_run_and_whatever_becomes_of_suites_and_solutions(
    assignment, corpus
):
    first = prepare(assignment, "fsdd")
    (assignment.folder / "hidden").mkdir()
    (assignment.folder / "hidden" / "test_net.py").write_text("def test_it(student): ...")
    notebook = assignment.folder / "toy.py"
    notebook.write_text(notebook.read_text() + "\n# edited\n")
    for other in (prepare(assignment, "fsdd"), prepare(again(assignment), "fsdd")):
        assert torch.equal(first.order, other.order)


def test_the_order_is_another_for_another_secret_and_so_are_the_training_runs(assignment, corpus):
    first, before = prepare(assignment, "fsdd"), assignment.training_digest([])
    (assignment.folder / "secret").write_text("another line\n")
    other = prepare(again(assignment), "fsdd")
    assert not torch.equal(first.order, other.order)
    assert again(assignment).training_digest([]) != before


def test_the_order_is_another_for_another_corpus(assignment, corpus, monkeypatch):
    first = prepare(assignment, "fsdd")
    object.__setattr__(corpus, "digest", "other tones")
    assert not torch.equal(first.order, prepare(assignment, "fsdd").order)


@pytest.mark.parametrize("content", [None, "", "  \n"])
def test_without_a_secret_nothing_is_prepared(assignment, corpus, content):
    secret = assignment.folder / "secret"
    secret.unlink()
    if content is not None:
        secret.write_text(content)
    with pytest.raises(SpeechmarkError, match="secret"):
        prepare(again(assignment), "fsdd")


def test_nothing_is_written_where_a_worker_could_look(assignment, corpus):
    before = set(assignment.course.root.rglob("*"))
    prepare(assignment, "fsdd").handed(INPUTS)
    assert set(assignment.course.root.rglob("*")) == before


def test_bars_are_those_of_the_calibration_and_there_are_none_while_it_is_made(assignment, corpus):
    made = prepare(assignment, "fsdd")
    assert (made.bars, made.short_bars) == ({"probe": 0.8}, {"probe": 0.7})
    sought = prepare(assignment, "fsdd", calibrating=True)
    assert (sought.bars, sought.short_bars, sought.calibration) == ({}, {}, None)


def refused(assignment: Assignment) -> str:
    with pytest.raises(SpeechmarkError) as caught:
        prepare(again(assignment), "fsdd")
    return str(caught.value)


def test_a_corpus_without_bars_is_refused_with_the_command_that_finds_them(assignment, corpus):
    command = "speechmark calibrate toy --corpus fsdd"
    file = assignment.folder / "calibration.json"
    file.write_text(as_text({"synthetic": calibrated()}))
    assert command in refused(assignment)
    assert "Calibrated: synthetic" in refused(assignment)
    file.write_text(as_text({"fsdd": calibrated().model_copy(update={"bars": {"other": 0.1}})}))
    assert command in refused(assignment)
    assert "no bar for probe" in refused(assignment)
    file.unlink()
    assert command in refused(assignment)
    assert prepare(again(assignment), "fsdd", calibrating=True).bars == {}


def test_where_no_tier_asks_for_a_calibrated_bar_none_is_needed(tmp_path, corpus):
    plain = [
        ("calibrated = true\n", ""),
        ('"untrained", "calibrated"', '"untrained"'),
        ('above = ["calibrated"]', "above = [0.9]"),
    ]
    made = prepare(toy(tmp_path / "plain", *plain), "fsdd")
    assert made.bars == {}


def test_a_corpus_that_cannot_be_loaded_is_one_message(assignment, monkeypatch):
    from spoken_digits import CorpusError

    def load(name: str) -> Corpus:
        raise CorpusError("the disk is empty")

    monkeypatch.setattr(exam, "load", load)
    assert "'fsdd' cannot be loaded. the disk is empty" in refused(assignment)


def test_the_corpus_is_the_one_named_or_the_first_at_hand(assignment, monkeypatch):
    monkeypatch.setattr("spoken_digits.available", lambda: {"fsdd": "here"})
    assert choose_corpus(assignment, None) == "fsdd"
    assert choose_corpus(assignment, "synthetic") == "synthetic"


def test_what_tells_the_digit_is_found_by_every_probe(assignment, corpus):
    made: Exam = prepare(assignment, "fsdd")
    telling = torch.eye(10)[made.digits]
    assert (
        made.probe(telling) == made.probe(telling, "knn_probe") == made.few_labels(telling) == 1.0
    )
    shuffled = torch.randperm(len(telling), generator=torch.Generator().manual_seed(0))
    assert made.probe(telling[shuffled]) < 0.5


def test_a_probe_learns_from_training_speakers_and_is_asked_about_the_others(assignment, corpus):
    made = prepare(assignment, "fsdd")
    # Right for training speakers, and one digit off for the others.
    shifted = torch.where(made.is_train, made.digits, (made.digits + 1) % 10)
    assert made.probe(torch.eye(10)[shifted]) == 0.0
