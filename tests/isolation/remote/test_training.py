"""The training run across the wire: clips in two steps, embeddings out, and nothing else."""

from __future__ import annotations

import pytest
import torch

from autograder.isolation.remote.conversation import Overlay
from autograder.isolation.remote.student import RemoteStudent
from autograder.isolation.remote.training import MAX_DIM, MAX_ENTRIES
from autograder.lab.testing.failures import Crashed, GraderFault, Missing

SOURCE = """
from dataclasses import dataclass, field

import torch
from torch import Tensor


@dataclass
class Model:
    net: object
    seed: int
    seen: list = field(default_factory=list)


def build(student, recipe, seed, device):
    return Model(student.Net(recipe["dim"]), seed)


def train(model, clips, recipe, progress):
    model.seen.append({name: len(x) for name, x in clips.items()})
    with torch.no_grad():
        model.net.weight.zero_()
    clips = sum(len(x) for x in clips.values())
    return {"loss": [float(step) for step in progress(recipe["steps"])]}, {"clips": clips}


def embed(model, clips):
    model.seen.append({name: len(x) for name, x in clips.items()})
    with torch.no_grad():
        return {"": model.net(clips["mels"])}


def answer(model, questions):
    return {"seen": torch.tensor([len(model.seen)]), "twice": 2 * questions["x"]}
"""
NET = "def Net(dim): return nn.Linear(3, dim)"
RECIPE = {"dim": 2, "steps": 4}


def built(student: RemoteStudent, **recipe: int) -> RemoteStudent:
    sample = {"mels": torch.ones(2, 3), "waves": torch.ones(2, 3)}
    given = RECIPE | recipe
    student.training_step("build", recipe=given, seed=1, device="cpu", sample=sample)
    return student


def hand(student: RemoteStudent, **clips: torch.Tensor) -> None:
    for name, x in clips.items():
        student.training_step("hand", name=name, clips=x)


def embedded(student: RemoteStudent) -> dict[str, torch.Tensor]:
    return student.training_step("embed")["embeddings"]


def test_a_model_is_built_trained_asked_and_embeds(remote):
    student = built(remote(NET, training=SOURCE))
    hand(student, train_mels=torch.ones(5, 3))
    trained = student.training_step("train", recipe=RECIPE)
    assert trained["curves"] == {"loss": [0.0, 1.0, 2.0, 3.0]}
    assert trained["signals"] == {"clips": 5.0}
    assert trained["cpu_seconds"] >= 0
    told = student.training_step("answer", questions={"x": torch.tensor([1.5])})
    assert torch.equal(told["twice"], torch.tensor([3.0]))
    hand(student, mels=torch.randn(7, 3))
    found = embedded(student)
    assert found[""].shape == (7, 2)
    assert bool((found[""] == found[""][0]).all())  # its weight is 0


def test_clips_that_come_in_parts_are_put_together_and_used_once(remote):
    student = built(remote(NET, training=SOURCE))
    mels = torch.randn(9, 3)
    for part in torch.split(mels, 4):
        hand(student, mels=part)
    found = embedded(student)[""]
    hand(student, mels=mels)
    assert torch.equal(embedded(student)[""], found)
    hand(student, train_mels=torch.ones(5, 3))
    assert student.training_step("train", recipe=RECIPE)["signals"] == {"clips": 5.0}


def test_the_same_seed_builds_the_same_model_whatever_the_cells_drew(remote):
    found = []
    for cell in (NET, f"torch.randn(7)\n{NET}"):
        student = built(remote(cell, training=SOURCE))
        hand(student, mels=torch.ones(1, 3))
        found.append(embedded(student)[""])
    assert torch.equal(*found)


def test_wide_embeddings_are_reduced_so_that_distances_stay(remote):
    student = built(remote(NET, training=SOURCE), dim=3 * MAX_DIM)
    mels = torch.randn(6, 3)
    hand(student, mels=mels)
    narrow = embedded(student)[""]
    assert narrow.shape == (6, MAX_DIM)
    wide = built(remote(NET, training=SOURCE), dim=MAX_DIM)
    hand(wide, mels=mels)
    kept = embedded(wide)[""]
    ratio = torch.pdist(narrow) / torch.pdist(kept)
    # Three times the dimensions at the same scale, divided by the square root of their number.
    torch.testing.assert_close(ratio, ratio.mean().expand_as(ratio), rtol=0.1, atol=0)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("return [clips['mels']]", "no dict"),
        (f"return {{str(i): clips['mels'] for i in range({MAX_ENTRIES + 1})}}", "no dict"),
        ("return clips['waves']", "KeyError"),
    ],
)
def test_what_is_no_dict_of_embeddings_is_a_crash(remote, body, told):
    embed = SOURCE.index("def embed")
    source = SOURCE[:embed] + f"def embed(model, clips):\n    if len(clips) == 1: {body}\n"
    student = built(remote(NET, training=source))
    hand(student, mels=torch.ones(2, 3))
    with pytest.raises(Crashed) as caught:
        embedded(student)
    assert told in f"{caught.value.kind} {caught.value.detail}"


def test_what_is_not_written_is_missing_by_its_name(remote):
    with pytest.raises(Missing) as caught:
        built(remote("x = 1", training=SOURCE))
    assert caught.value.name == "Net"


def test_what_a_student_raises_in_training_is_told_with_the_line(remote):
    student = remote("def Net(dim):\n    return [][dim]", training=SOURCE)
    with pytest.raises(Crashed) as caught:
        built(student)
    assert (caught.value.kind, caught.value.cell, caught.value.line) == ("IndexError", "c0", 2)


def test_the_reference_stands_in_for_a_name_of_the_run(remote):
    student = remote(
        "def Net(dim): raise ValueError", training=SOURCE, overlays=(Overlay(NET, ("Net",)),)
    )
    hand(built(student), mels=torch.ones(2, 3))
    assert embedded(student)[""].shape == (2, 2)


def test_a_student_who_rewrites_the_modules_of_the_run_does_not_reach_the_run_itself(remote):
    cell = f"""
{NET}
import sys
from autograder.lab import training
sys.modules["training"] = None
real = training.TrainingFile.of
training.TrainingFile.of = classmethod(lambda cls, source: None)
"""
    undo = "training.TrainingFile.of = real; del sys.modules['training']"
    student = built(remote(cell, undo, training=SOURCE))
    hand(student, mels=torch.ones(2, 3))
    assert embedded(student)[""].shape == (2, 2)


@pytest.mark.parametrize("source", ["def build(", "1 / 0", "def build(): pass"])
def test_a_training_file_that_cannot_be_used_is_the_graders_fault(remote, source):
    student = remote(NET, training=source)
    with pytest.raises(GraderFault, match=r"training\.py"):
        built(student)


def test_a_step_without_a_training_file_is_no_answer(remote):
    with pytest.raises(Crashed):
        built(remote(NET))
