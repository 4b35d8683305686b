"""A training file is one file with known functions, and a notebook's run is measured outside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from autograder.lab import probing, training
from autograder.lab.testing.failures import GraderFault, Missing
from autograder.lab.training import (
    Names,
    Run,
    TrainingFile,
    at_hand,
    build,
    features,
    inputs_of,
    run_training,
)
from spoken_digits import Corpus, card
from spoken_digits.features import corpus_log_mel
from tests.conftest import clips_of, tones

pytestmark = pytest.mark.usefixtures("own_cache")

SOURCE = '''
"""A run that adds up what it is given."""

from __future__ import annotations

from dataclasses import dataclass

import torch


@dataclass
class Model:
    net: object
    seen: list


def build(student, recipe, seed, device):
    return Model(student.Net(), [])


def train(model, clips, recipe, progress):
    model.seen.append(sorted(clips))
    losses = [1.0 / (1 + step) for step in progress(recipe["steps"])]
    with torch.no_grad():
        model.net.weight.add_(1)
    return {"loss": losses}, {"steps": float(len(losses))}


def embed(model, clips):
    with torch.no_grad():
        return {"": model.net(clips["mels"].mean(2))}


def levels(recipe):
    return {"loss": (0.5, f"half, of {recipe['steps']} steps")}
'''
RECIPE = {"steps": 3}
SAMPLE = {"mels": torch.ones(2, 40, 8)}


def net() -> nn.Module:
    return nn.Linear(40, 4)


def test_a_file_may_use_dataclasses_and_deferred_annotations():
    file = TrainingFile.of(SOURCE)
    model = file.build(Names({"Net": net}), RECIPE, 0, "cpu")
    assert file.train(model, {"train_mels": SAMPLE["mels"]}, RECIPE, range)[1] == {"steps": 3.0}
    assert file.embed(model, SAMPLE)[""].shape == (2, 4)
    assert file.answer is None
    assert file.levels is not None


def test_a_file_leaves_no_module_behind_and_none_aside():
    import sys

    before = sys.modules.get("training")
    TrainingFile.of(SOURCE)
    assert sys.modules.get("training") is before


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("def build(", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError"),
        ("def build(): pass\ndef train(): pass", "no embed"),
        ("build = train = embed = 3", "no build and no train and no embed"),
    ],
)
def test_a_file_that_lacks_something_is_the_graders_fault_and_is_named(source, told):
    with pytest.raises(GraderFault, match=told):
        TrainingFile.of(source)


def test_an_error_in_the_file_shows_its_own_line():
    import traceback

    file = TrainingFile.of(SOURCE.replace("return Model(", "raise KeyError  # here\n    Model("))
    with pytest.raises(KeyError) as caught:
        file.build(Names({"Net": net}), RECIPE, 0, "cpu")
    assert "raise KeyError  # here" in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("namespace", [{}, {"Net": 3}, {"Net": None}], ids=str)
def test_what_is_not_written_is_missing_by_its_name(namespace):
    with pytest.raises(Missing) as caught:
        build(TrainingFile.of(SOURCE), Names(namespace), RECIPE, 0, "cpu", SAMPLE)
    assert caught.value.name == "Net"


def test_a_model_is_the_same_from_one_seed_and_another_from_another():
    def weight(seed: int) -> Tensor:
        torch.rand(3)
        model = build(TrainingFile.of(SOURCE), Names({"Net": net}), RECIPE, seed, "cpu", SAMPLE)
        return model.net.weight

    assert torch.equal(weight(0), weight(0))
    assert not torch.equal(weight(0), weight(1))


def test_lazy_layers_have_taken_shape_once_a_model_is_built():
    student = Names({"Net": lambda: nn.LazyLinear(4)})
    model = build(TrainingFile.of(SOURCE), student, RECIPE, 0, "cpu", SAMPLE)
    assert model.net.weight.shape == (4, 40)


def test_inputs_are_waves_and_mels_of_all_clips_or_of_training_speakers_alone():
    corpus = tones()
    is_train = torch.tensor([name != "theo" for name in corpus.speakers])
    given = inputs_of(corpus, is_train, training.INPUTS)
    assert torch.equal(given["waves"], corpus.waves)
    assert torch.equal(given["mels"], corpus_log_mel(corpus))
    assert torch.equal(given["train_mels"], given["mels"][is_train])
    assert torch.equal(clips_of(given["train_waves"]), torch.nonzero(is_train)[:, 0])
    assert inputs_of(corpus, is_train, ["train_waves"]).keys() == {"train_waves"}


def test_a_measure_looks_at_the_entry_it_names_or_at_all_side_by_side():
    one, two = torch.zeros(3, 2), torch.ones(3, 4)
    assert features({"": one, "head": two}, "after") is one
    assert features({"": one, "head": two}, "after.head") is two
    assert features({"first": one, "second": two}, "before").shape == (3, 6)
    assert features({"first": one, "second": two}, "before.second") is two
    with pytest.raises(KeyError):
        features({"": one}, "after.head")


@pytest.mark.parametrize(
    ("found", "chosen"), [(["a", "b"], "a"), (["b"], "b"), ([], "b"), (["c"], "b")], ids=str
)
def test_the_first_corpus_at_hand_is_chosen_else_the_last(monkeypatch, found, chosen):
    monkeypatch.setattr("spoken_digits.available", lambda: dict.fromkeys(found, "here"))
    assert at_hand(["a", "b"]) == chosen


SETTINGS = {
    "seed": 3,
    "corpora": ["fsdd", "synthetic"],
    "recipe": RECIPE,
    "measures": [
        {"name": "log_mel", "of": "log_mel", "by": "linear_probe", "title": "log-mel"},
        {"name": "untrained", "of": "before", "by": "linear_probe", "title": "untrained"},
        {"name": "few", "of": "after", "by": "few_label_probe", "title": "yours, few labels"},
        {"name": "gain", "of": "after", "by": "gain", "title": "only the grader takes it"},
    ],
    "curves": [{"name": "loss", "title": "The loss"}],
    "bars": {"fsdd": {"few": 0.7}, "synthetic": {"few": 0.6}},
}


@pytest.fixture
def public(tmp_path: Path) -> Path:
    folder = tmp_path / "public"
    folder.mkdir()
    (folder / "training.py").write_text(SOURCE)
    (folder / "training.json").write_text(json.dumps(SETTINGS))
    return folder


def notebook_run(folder: Path, corpus: Corpus | None = None, **names: Any) -> Run:
    """What ``run_training`` gives in a notebook that defines ``names``."""
    namespace = {"run_training": run_training, "folder": folder, "corpus": corpus, **names}
    exec("run = run_training(folder, corpus)", namespace)
    run = namespace["run"]
    assert isinstance(run, Run)
    return run


def test_a_notebooks_run_is_that_of_the_file_with_the_notebooks_names(public):
    corpus = tones()
    run = notebook_run(public, corpus, Net=net)
    assert run.model.seen == [sorted(training.INPUTS)]
    assert run.curves["loss"] == [1.0, 0.5, 1 / 3]
    assert run.signals == {"steps": 3.0}
    assert run.recipe == RECIPE
    assert run.titles == {"loss": "The loss"}
    assert run.levels == {"loss": (0.5, "half, of 3 steps")}
    mels = corpus_log_mel(corpus)
    with torch.no_grad():
        assert torch.equal(run.after[""], run.model.net(mels.mean(2)))
    # One step adds 1 to every weight; both begin at the same.
    torch.testing.assert_close(
        run.after[""] - run.before[""], mels.mean(2).sum(1)[:, None].expand(-1, 4)
    )


def test_its_measures_are_the_probes_on_unheard_speakers_under_their_titles(public):
    corpus = tones()
    run = notebook_run(public, corpus, Net=net)
    train = torch.tensor([n not in card("fsdd").test_speakers for n in corpus.speakers])
    y = corpus.digits

    def probe(by: str, x: Tensor) -> float:
        return probing.PROBES[by](x[train], y[train], x[~train], y[~train])

    pooled = probing.pooled_log_mel(corpus_log_mel(corpus))
    assert run.measures == {
        "log-mel": probe("linear_probe", pooled),
        "untrained": probe("linear_probe", run.before[""]),
        "yours, few labels": probe("few_label_probe", run.after[""]),
    }
    assert run.bars == {"yours, few labels": 0.7}


def test_a_corpus_without_bars_has_none(public):
    settings = {**SETTINGS, "bars": {}}
    (public / "training.json").write_text(json.dumps(settings))
    assert notebook_run(public, tones(), Net=net).bars == {}


def test_without_a_corpus_the_one_at_hand_is_loaded(public, monkeypatch):
    asked = []

    def load(name: str) -> Corpus:
        asked.append(name)
        return tones()

    monkeypatch.setattr("spoken_digits.load", load)
    monkeypatch.setattr("spoken_digits.available", lambda: {"synthetic": "here"})
    notebook_run(public, Net=net)
    assert asked == ["synthetic"]


def test_a_part_that_is_not_written_is_told_by_its_name(public):
    with pytest.raises(Missing) as caught:
        notebook_run(public, tones())
    assert caught.value.name == "Net"


def test_a_folder_that_is_not_beside_the_notebook_is_told(tmp_path):
    with pytest.raises(FileNotFoundError, match="Keep the folder"):
        notebook_run(tmp_path / "public", tones(), Net=net)
