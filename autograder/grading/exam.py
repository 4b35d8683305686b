"""What a trained network is examined on; the labels never leave this side of the wall.

The worker is handed clips without labels, shuffled. The order is a secret of the course's, so
a clip's place says nothing of its digit or its speaker. It is the same at every run and
whatever becomes of the suites, since the order alone moves a run's accuracy by as much as
another seed. Embeddings come back in that order and are put into the corpus's at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from autograder.course.assignment import Assignment
from autograder.course.calibration import CorpusCalibration
from autograder.lab.probing import PROBES
from autograder.lab.training import at_hand
from autograder.support.errors import SpeechmarkError
from spoken_digits import Corpus, CorpusError, card, load
from spoken_digits.features import corpus_log_mel


@dataclass(frozen=True, eq=False)
class Exam:
    """A corpus split by speaker, and the secret order in which a worker is handed its clips."""

    data: Corpus
    is_train: Tensor
    """[clips] bool, in the corpus's order, as all that a measure sees."""
    order: Tensor
    """[clips], place in the hand-over to place in the corpus."""
    calibration: CorpusCalibration | None
    """What is known of the run on this corpus; None while it is being sought."""

    @property
    def corpus(self) -> str:
        """Name of the corpus."""
        return self.data.name

    @property
    def digest(self) -> str:
        """Content digest of the corpus."""
        return self.data.digest

    @property
    def identity(self) -> str:
        """Name and content digest of the corpus, as :class:`Conditions` have it."""
        return f"{self.corpus} {self.digest}"

    @property
    def digits(self) -> Tensor:
        """[clips], 0 to 9."""
        return self.data.digits

    @property
    def speakers(self) -> tuple[str, ...]:
        """Name of each clip's speaker."""
        return tuple(self.data.speakers)

    @property
    def waves(self) -> Tensor:
        """[clips, samples] as recorded."""
        return self.data.waves

    @cached_property
    def mels(self) -> Tensor:
        """[clips, 40, frames] of the speech in each clip."""
        return corpus_log_mel(self.data)

    @property
    def bars(self) -> dict[str, float]:
        """Calibrated measure to what the long run must exceed; none while they are sought."""
        return dict(self.calibration.bars) if self.calibration else {}

    @property
    def short_bars(self) -> dict[str, float]:
        """The same of the short run."""
        return dict(self.calibration.short_bars) if self.calibration else {}

    def probe(self, features: Tensor, by: str = "linear_probe") -> float:
        """Accuracy, 0 to 1, of a built-in probe fit on training speakers, on the others.

        Args:
            features: [clips, dim], in the corpus's order.
            by: a key of :data:`autograder.lab.probing.PROBES`.
        """
        train, test = self.is_train, ~self.is_train
        x, y = features, self.digits
        return PROBES[by](x[train], y[train], x[test], y[test])

    def few_labels(self, features: Tensor) -> float:
        """:meth:`probe` with few labelled clips a digit, the mean of several draws of them."""
        return self.probe(features, "few_label_probe")

    @cached_property
    def sample(self) -> dict[str, Tensor]:
        """Two clips of training speakers, for a network to take its shape from."""
        first = self.order[self.is_train[self.order]][:2]
        return {"waves": self.waves[first], "mels": self.mels[first]}

    def handed(self, names: Iterable[str]) -> dict[str, Tensor]:
        """Inputs by name ("train_waves", "mels", ...) as a worker gets them, in secret order."""
        places = {"train": self.order[self.is_train[self.order]], "all": self.order}

        def clips(name: str) -> Tensor:
            every = self.mels if name.endswith("mels") else self.waves
            return every[places["train" if name.startswith("train_") else "all"]]

        return {name: clips(name) for name in names}

    def restored(self, embeddings: Tensor) -> Tensor:
        """``embeddings`` in the order of the corpus; given in that of :meth:`handed`."""
        result = torch.empty_like(embeddings)
        result[self.order] = embeddings
        return result


def choose_corpus(assignment: Assignment, name: str | None) -> str:
    """The corpus to grade on: ``name``, else the first of the assignment's that is at hand."""
    return at_hand(assignment.training.corpora) if name is None else name


def prepare(assignment: Assignment, corpus_name: str, calibrating: bool = False) -> Exam:
    """Load the corpus, split it by speaker, and find the order of its clips.

    Args:
        assignment: whose calibration and whose secret order.
        corpus_name: one of ``spoken_digits``.
        calibrating: work without bars, since they are being sought.

    Raises:
        SpeechmarkError: the corpus cannot be loaded, or bars are needed and not calibrated.
    """
    calibration = None if calibrating else assignment.calibrations.get(corpus_name)
    needed = [measure.name for measure in assignment.training.calibrated]
    if needed and calibration is None and not calibrating:
        raise SpeechmarkError(
            f"No threshold is calibrated for the corpus {corpus_name!r}. Calibrated: "
            f"{', '.join(assignment.calibrations) or 'none'}. Run: speechmark calibrate "
            f"{assignment.name} --corpus {corpus_name}"
        )
    if calibration and (lacking := [name for name in needed if name not in calibration.bars]):
        raise SpeechmarkError(
            f"calibration.json has no bar for {', '.join(lacking)} on {corpus_name!r}. Run: "
            f"speechmark calibrate {assignment.name} --corpus {corpus_name}"
        )
    try:
        corpus = load(corpus_name)
        corpus_log_mel(corpus)
    except CorpusError as error:
        raise SpeechmarkError(f"The corpus {corpus_name!r} cannot be loaded. {error}") from error
    split = corpus.split_by_speaker(card(corpus_name).test_speakers)
    is_train = torch.zeros(len(corpus), dtype=torch.bool)
    is_train[split.train_idx] = True
    secret = hashlib.sha256(f"order {assignment.secret} {corpus.digest}".encode()).digest()
    seed = int.from_bytes(secret[:7], "big")
    order = torch.randperm(len(corpus), generator=torch.Generator().manual_seed(seed))
    return Exam(corpus, is_train, order, calibration)
