"""What an assignment declares wrongly is refused, with the file, the key and what is allowed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from autograder.authoring.demo import Class, Student
from autograder.authoring.new import TEMPLATE
from autograder.course.settings import (
    INPUTS,
    AssignmentSettings,
    Curve,
    Measure,
    Part,
    Swap,
    Tier,
    TrainingSettings,
    read_settings,
)
from autograder.lab.probing import PROBES
from autograder.support.errors import SpeechmarkError
from tests.conftest import ROOT

TRAINED = (TEMPLATE / "training" / "assignment.toml").read_text()
SWAP = '\n[[training.swap]]\npart = "denoise"\nnames = ["corrupt"]\ncounts = true\n'


def refused(text: str, folder: Path) -> str:
    """The message that ``assignment.toml`` of that text is refused with."""
    file = folder / "assignment.toml"
    file.write_text(text)
    with pytest.raises(SpeechmarkError) as error:
        read_settings(file)
    assert str(file) in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("kind", ["plain", "training"])
def test_what_new_writes_is_taken(kind):
    settings = read_settings(TEMPLATE / kind / "assignment.toml")
    assert [part.id for part in settings.part] == ["energy", "denoise"][: len(settings.part)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("points = 2", "point = 2", "part.0.point is no key. Allowed here: id, points, names"),
        ('name = "__NAME__"', 'nam = "x"', "nam is no key. Allowed here: name, title, setup"),
        ("cpu_seconds = 120", "seconds = 120", "training.seconds is no key. Allowed here: part"),
        ('of = "after"', 'off = "after"', "training.measure.1.off is no key. Allowed here: name"),
        ("weight = 2", "wait = 2", "training.tier.0.wait is no key. Allowed here: name, demand"),
    ],
)
def test_a_misspelt_key_is_refused_with_those_that_are_allowed(tmp_path, old, new, said):
    assert said in refused(TRAINED.replace(old, new, 1), tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("points = 2", "points = 0", "part.0.points"),
        ('id = "denoise"', 'id = "energy"', "part 'energy' is there twice"),
        ('names = ["corrupt"]', 'names = ["frame_power"]', "'frame_power' is there twice"),
        ('part = "denoise"', 'part = "denoising"', "'denoising' is not one of energy, denoise"),
        ('corpora = ["fsdd", "synthetic"]', "corpora = []", "training.corpora"),
        ('inputs = ["train_mels", "mels"]', 'inputs = ["labels"]', "'train_waves', 'train_mels'"),
        ('inputs = ["train_mels", "mels"]', 'inputs = ["train_mels"]', "nothing to embed"),
        ('measure = "probe"', 'measure = "prob"', "'prob' is not one of untrained, probe"),
        ("above = [0.3]", 'above = ["untrainde"]', "is not one of untrained, probe, calibrated"),
        ("above = [0.3]", 'above = ["calibrated"]', "give the measure calibrated = true"),
        ("above = [0.3]", "above = []", "training.tier.0.above"),
        ("above = [0.3]", "above = [30]", "training.tier.0.above"),
        ("above = [0.3]", 'above = [0.3]\nalso = ["first"]', "'first' is not one of none"),
        ('of = "after"', 'of = "later"', "training.measure.1.of"),
        ('name = "untrained"', 'name = "probe"', "measure 'probe' is there twice"),
        ("recipe = {", "short = { step = 9 }\nrecipe = {", "'step' is not one of steps, clips"),
    ],
)
def test_a_setting_that_fits_nothing_is_refused_by_name(tmp_path, old, new, said):
    assert old in TRAINED
    assert said in refused(TRAINED.replace(old, new, 1), tmp_path)


@pytest.mark.parametrize(
    ("swaps", "said"),
    [
        (SWAP * 2, "at most one may have counts"),
        (SWAP.replace('"denoise"', '"noise"'), "'noise' is not one of energy, denoise"),
        (SWAP.replace('"corrupt"', '"corupt"'), "'corupt' is not one of corrupt"),
    ],
)
def test_a_swap_names_what_there_is_and_one_counts(tmp_path, swaps, said):
    assert said in refused(TRAINED + swaps, tmp_path)


def test_no_toml_is_one_message(tmp_path):
    assert "assignment.toml" in refused("[training", tmp_path)


def test_a_manual_part_decides_no_training_run(tmp_path):
    text = TRAINED.replace("free = true", "manual = true")
    assert "'denoise' is not one of energy" in refused(text, tmp_path)


def test_what_is_left_out_has_its_default():
    settings = AssignmentSettings.model_validate(tomllib.loads(TRAINED + SWAP))
    training = settings.training
    assert training is not None
    assert (training.seed, training.repeats, training.short) == (0, 1, None)
    assert training.short_recipe is None
    assert training.headline.name == "probe"
    assert training.calibrated == ()
    assert training.counting == training.swap[0]


def test_a_short_run_changes_what_it_names_of_the_recipe():
    text = TRAINED.replace("cpu_seconds = 120", "short = { steps = 9 }")
    training = AssignmentSettings.model_validate(tomllib.loads(text)).training
    assert training is not None
    assert training.short_recipe == training.recipe | {"steps": 9}


PAGE = (ROOT / "docs" / "assignments.md").read_text()
SECTIONS = {
    "### The assignment": AssignmentSettings,
    "### [[part]]": Part,
    "### [training]": TrainingSettings,
    "### [[training.measure]]": Measure,
    "### [[training.tier]]": Tier,
    "### [[training.swap]]": Swap,
    "### [[training.curve]]": Curve,
    "| key | what it says |\n|---|---|\n| `answers`": Class,
    "| key of `[[student]]`": Student,
}


@pytest.mark.parametrize("heading", SECTIONS)
def test_the_page_for_authors_explains_every_key_and_no_other(heading):
    section = PAGE.split(f"\n{heading}", 1)[1].split("\n#", 1)[0].split("\n\n| key of", 1)[0]
    told = re.findall(r"^\| `(\w+)` \|", heading + section, re.M)
    assert sorted(told) == sorted(SECTIONS[heading].model_fields)


def test_the_page_for_authors_names_what_is_built_in():
    for word in (*PROBES, *INPUTS, *(f"def {f}(" for f in ("build", "train", "embed", "answer"))):
        assert word in PAGE


@pytest.mark.parametrize("file", ["assignment.toml", "hints/energy.toml", "wrong/energy__sum.py"])
def test_the_page_for_authors_shows_what_new_writes(file):
    """Each block of the page that begins like a file of the template stands in it."""
    text = "".join(
        (TEMPLATE / kind / file).read_text()
        for kind in ("plain", "training")
        if (TEMPLATE / kind / file).is_file()
    )
    text = (
        re.sub("^# .*\n", "", text, flags=re.M)
        .replace("__NAME__", "find_speech")
        .replace("__TITLE__", "Find speech")
    )
    blocks = [b for b in re.findall(r"```\w+\n(.*?)```", PAGE, re.S) if b.split("\n")[0] in text]
    assert blocks
    for paragraph in (p.strip() for block in blocks for p in block.split("\n\n")):
        assert paragraph in text
