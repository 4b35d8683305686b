"""The training run of an assignment: one file that the notebook and the grader both execute.

``public/training.py`` has three functions and may have two more::

    build(student, recipe, seed, device) -> model
    train(model, clips, recipe, progress) -> (curves, signals)
    embed(model, clips) -> {"": embeddings}
    answer(model, questions) -> answers         # optional, for measures taken by the grader
    levels(recipe) -> {curve: (level, meaning)} # optional, what a curve is compared with

Here is what the notebook does with it; behind the wall
:mod:`autograder.isolation.remote.training` does the same, in two workers.
"""

from __future__ import annotations

import json
import linecache
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from autograder.lab.testing.failures import GraderFault, Missing
from autograder.lab.testing.seeding import seed_everything
from autograder.support.sentences import say

if TYPE_CHECKING:
    from spoken_digits import Corpus

Progress = Callable[[int], Iterable[int]]
"""Wraps so many steps and shows a bar."""

INPUTS = ("train_waves", "train_mels", "waves", "mels")
"""What a training run can be given: of the training speakers' clips, or of all."""

_NEEDED, _OPTIONAL = ("build", "train", "embed"), ("answer", "levels")
_FILE = "<training.py>"


@dataclass(frozen=True)
class TrainingFile:
    """The functions of a ``training.py``."""

    build: Callable[..., Any]
    train: Callable[..., tuple[dict[str, list[float]], dict[str, float]]]
    embed: Callable[..., dict[str, Tensor]]
    answer: Callable[..., dict[str, Tensor]] | None = None
    levels: Callable[..., dict[str, tuple[float, str]]] | None = None

    @classmethod
    def of(cls, source: str) -> TrainingFile:
        """Execute ``source`` in a namespace of its own.

        Raises:
            GraderFault: it cannot be executed, or lacks a function.
        """
        namespace: dict[str, Any] = {"__name__": "training", "__file__": _FILE}
        module = type(sys)("training")
        module.__dict__.update(namespace)
        linecache.cache[_FILE] = (len(source), None, source.splitlines(True), _FILE)
        before = sys.modules.get("training")
        sys.modules["training"] = module  # dataclasses look their module up
        try:
            exec(compile(source, _FILE, "exec", dont_inherit=True), module.__dict__)
        except Exception as error:
            raise GraderFault(f"training.py: {type(error).__name__}: {error}") from error
        finally:
            if before is None:
                del sys.modules["training"]
            else:
                sys.modules["training"] = before
        found = {n: getattr(module, n, None) for n in (*_NEEDED, *_OPTIONAL)}
        if lacking := [name for name in _NEEDED if not callable(found[name])]:
            raise GraderFault(f"training.py defines no {' and no '.join(lacking)}")
        return cls(**{name: function for name, function in found.items() if callable(function)})


class Names:
    """The student's names as ``training.py`` sees them; what is not written is Missing."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self._namespace = namespace

    def __getattr__(self, name: str) -> Any:
        value = self._namespace.get(name)
        if not callable(value):
            raise Missing(name)
        return value


def build(
    file: TrainingFile,
    student: Names,
    recipe: Mapping[str, Any],
    seed: int,
    device: str,
    sample: Mapping[str, Tensor],
) -> Any:
    """A fresh model from ``seed``. It embeds two clips, so that lazy layers take shape."""
    seed_everything(seed)
    model = file.build(student, recipe, seed, device)
    file.embed(model, sample)
    return model


def sample_of(clips: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Two clips of the training speakers, as :func:`build` has them embedded.

    Args:
        clips: ``train_waves`` or ``train_mels``, and what of all clips is embedded.
    """
    return {name: clips[f"train_{name}"][:2] for name in ("waves", "mels")}


def inputs_of(corpus: Corpus, is_train: Tensor, names: Iterable[str]) -> dict[str, Tensor]:
    """The clips of ``corpus`` by name of :data:`INPUTS`: waves as recorded, mels of the speech.

    Args:
        corpus: whose clips.
        is_train: [clips] bool, whether a training speaker's.
        names: of :data:`INPUTS`.
    """
    from spoken_digits.features import corpus_log_mel

    every = {"waves": corpus.waves}
    if any("mels" in name for name in names):
        every["mels"] = corpus_log_mel(corpus)
    return {
        name: every[name.removeprefix("train_")][is_train]
        if name.startswith("train_")
        else every[name]
        for name in names
    }


def at_hand(corpora: Sequence[str]) -> str:
    """The first of ``corpora`` that is there without a download, else the last."""
    from spoken_digits import available

    found = available()
    return next((name for name in corpora if name in found), corpora[-1])


@dataclass(frozen=True, eq=False)
class Run:
    """A training run made in a notebook, and what was measured of it."""

    model: Any
    """What ``training.py`` built and trained."""
    before: dict[str, Tensor]
    """Embeddings [clips, dim] of all clips before training, in the corpus's order."""
    after: dict[str, Tensor]
    curves: dict[str, list[float]]
    signals: dict[str, float]
    measures: dict[str, float]
    """Title of each measure to its value, 0 to 1; those that only the grader takes left out."""
    bars: dict[str, float]
    """Title of each calibrated measure to what it has to exceed."""
    recipe: dict[str, Any]
    titles: dict[str, str] = field(default_factory=dict)
    """Of the curves."""
    levels: dict[str, tuple[float, str]] = field(default_factory=dict)


def run_training(folder: str | Path = "public", corpus: Corpus | None = None) -> Run:
    """Make the training run of grading with what is defined in the notebook so far.

    The recipe is that of grading; only the order of the clips is another, which is a secret of
    the grader's, so accuracies differ as those of two seeds do.

    Args:
        folder: holds ``training.py`` and ``training.json``.
        corpus: what to train on; default: the first of the assignment's that is at hand.

    Raises:
        FileNotFoundError: the folder does not lie beside the notebook.
        Missing: a part that the run needs is not written.
    """
    from tqdm.auto import tqdm

    from spoken_digits import card, load

    namespace = sys._getframe(1).f_globals
    folder = Path(folder)
    if not (folder / "training.json").is_file():
        told = say("notebook.no_run", file=folder / "training.json", folder=folder)
        raise FileNotFoundError(told)
    settings = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    file = TrainingFile.of((folder / "training.py").read_text(encoding="utf-8"))
    corpus = corpus or load(at_hand(settings["corpora"]))
    split = corpus.split_by_speaker(card(corpus.name).test_speakers)
    is_train = torch.zeros(len(corpus), dtype=torch.bool)
    is_train[split.train_idx] = True
    clips = inputs_of(corpus, is_train, INPUTS)
    seed, recipe, device = settings["seed"], settings["recipe"], "cpu"
    student, sample = Names(namespace), sample_of(clips)

    before = file.embed(build(file, student, recipe, seed, device, sample), clips)
    model = build(file, student, recipe, seed, device, sample)

    def progress(steps: int) -> Iterable[int]:
        words = {"desc": say("notebook.training"), "unit": say("notebook.step")}
        bar: Iterable[int] = tqdm(range(steps), **words)
        return bar

    curves, signals = file.train(model, clips, recipe, progress)
    after = file.embed(model, clips)
    run = {"before": before, "after": after}
    measures = {
        measure["title"]: value
        for measure in settings["measures"]
        if (value := _measured(measure, run, corpus, clips["mels"], is_train)) is not None
    }
    bars = settings["bars"].get(corpus.name, {})
    return Run(
        model=model,
        before=before,
        after=after,
        curves=curves,
        signals=signals,
        measures=measures,
        bars={m["title"]: bars[m["name"]] for m in settings["measures"] if m["name"] in bars},
        recipe=recipe,
        titles={curve["name"]: curve["title"] for curve in settings["curves"]},
        levels=file.levels(recipe) if file.levels else {},
    )


def _measured(
    measure: Mapping[str, str],
    run: Mapping[str, Mapping[str, Tensor]],
    corpus: Corpus,
    mels: Tensor,
    is_train: Tensor,
) -> float | None:
    from autograder.lab.probing import PROBES, pooled_log_mel

    if measure["by"] not in PROBES:
        return None
    of = measure["of"]
    x = pooled_log_mel(mels) if of == "log_mel" else features(run[of.partition(".")[0]], of)
    y = corpus.digits
    return PROBES[measure["by"]](x[is_train], y[is_train], x[~is_train], y[~is_train])


def features(embeddings: Mapping[str, Tensor], of: str) -> Tensor:
    """What a measure looks at, [clips, dim].

    Args:
        embeddings: from ``embed``.
        of: ``after`` for the entry ``""``, or for all side by side if there is none of that
            name; ``after.front`` for the entry ``front``. Likewise ``before``.

    Raises:
        KeyError: there is no such entry.
    """
    entry = of.partition(".")[2]
    if not entry and "" not in embeddings:
        return torch.cat(list(embeddings.values()), dim=1)
    return embeddings[entry]


def whole(steps: int) -> Sequence[int]:
    """A progress that shows nothing."""
    return range(steps)
