"""What a trained encoder is examined on; the labels never leave this side of the wall.

The worker is given two tensors and no more: the training speakers' waveforms, and the
log-mels of every clip, both shuffled. The order is a secret of the course (it is derived
from the reference's encoder and views), so a clip's place says nothing of its digit or its
speaker. It is the same at every run and whatever becomes of the suites, since the order alone
moves a run's accuracy by as much as another seed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path

import safetensors.torch
import torch
from torch import Tensor

from autograder.course.assignment import Assignment, kit_digest
from autograder.lab.pretraining import Recipe
from autograder.lab.probing import knn_probe, linear_probe, pooled_log_mel
from autograder.support import files
from autograder.support.errors import SpeechmarkError
from spoken_digits import CorpusError, available, card, load
from spoken_digits.features import corpus_log_mel

CLIPS_FILE = "clips.safetensors"


@dataclass(frozen=True)
class Exam:
    """A corpus split by speaker, its shuffled clips on disk, and its labels in memory."""

    corpus: str
    digest: str
    threshold: float
    """Probe accuracy that the highest tier asks for."""
    steps: int
    """Steps of the training run."""
    exchange: Path
    """Folder that the sandbox binds; holds ``clips.safetensors`` and nothing else."""
    is_train: Tensor
    """[clips] bool, in shuffled order, as all that follows."""
    digits: Tensor
    speakers: tuple[str, ...]
    log_mel: float
    """Probe accuracy of pooled log-mels, the baseline without a network."""
    untrained: float = 1.0
    """The highest accuracy that the reference had before training, over its calibration's seeds."""
    best: float = 1.0
    """The highest accuracy of any run of the calibration."""

    @property
    def identity(self) -> str:
        """What is trained on, in a word and a digest."""
        return f"{self.corpus} {self.digest}"

    def probe(self, embeddings: Tensor) -> float:
        """Accuracy, 0..1, of a linear probe fit on training speakers, on the test speakers."""
        return linear_probe(*self._sides(embeddings))

    def knn(self, embeddings: Tensor) -> float:
        """Accuracy, 0..1, of five nearest neighbours among the training speakers' clips."""
        return knn_probe(*self._sides(embeddings))

    def _sides(self, embeddings: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        train, test = self.is_train, ~self.is_train
        return embeddings[train], self.digits[train], embeddings[test], self.digits[test]


def choose_corpus(assignment: Assignment, name: str | None) -> str:
    """The corpus to grade on: ``name``, else the first of the assignment's that is at hand."""
    if name is None:
        found = available()
        at_hand = [c for c in assignment.settings.corpora if found.get(c) is not None]
        name = (at_hand or [assignment.settings.corpora[-1]])[0]
    return name


def prepare(assignment: Assignment, corpus_name: str, calibrating: bool = False) -> Exam:
    """Load the corpus, shuffle it, write what the worker may see, and take the baseline.

    Args:
        assignment: whose calibration and whose secret order.
        corpus_name: one of ``spoken_digits``.
        calibrating: work without a threshold, since it is being sought.

    Raises:
        SpeechmarkError: the corpus cannot be loaded, or no threshold is calibrated for it.
    """
    calibration = assignment.calibrations.get(corpus_name)
    if calibration is None and not calibrating:
        raise SpeechmarkError(
            f"No threshold is calibrated for the corpus {corpus_name!r}. Calibrated: "
            f"{', '.join(assignment.calibrations) or 'none'}. Run: speechmark calibrate "
            f"{assignment.name} --corpus {corpus_name}"
        )
    try:
        corpus = load(corpus_name)
        mels = corpus_log_mel(corpus)
    except CorpusError as error:
        raise SpeechmarkError(f"The corpus {corpus_name!r} cannot be loaded. {error}") from error
    split = corpus.split_by_speaker(card(corpus_name).test_speakers)
    is_train = torch.zeros(len(corpus), dtype=torch.bool)
    is_train[split.train_idx] = True
    # A worker below level 3 sees the folder's name, which must tell nothing of the order.
    secret = f"{assignment.secret} {corpus.digest}"
    seed = int.from_bytes(hashlib.sha256(f"order {secret}".encode()).digest()[:7], "big")
    order = torch.randperm(len(corpus), generator=torch.Generator().manual_seed(seed))
    mels, is_train = mels[order], is_train[order]
    speakers = corpus.speakers
    name = hashlib.sha256(f"folder {secret}".encode()).hexdigest()[:16]
    folder = assignment.course.state / "exchange" / name
    waves = corpus.waves[order][is_train]
    _keep(folder / CLIPS_FILE, safetensors.torch.save({"waves": waves, "mels": mels}))
    runs = calibration.variants.values() if calibration else ()
    accuracies = [accuracy for run in runs for accuracy in run.accuracies]
    exam = Exam(
        corpus=corpus_name,
        digest=corpus.digest,
        threshold=calibration.threshold if calibration and not calibrating else 1.0,
        steps=calibration.steps if calibration and not calibrating else Recipe().steps,
        exchange=folder,
        is_train=is_train,
        digits=corpus.digits[order],
        speakers=tuple(speakers[i] for i in order.tolist()),
        log_mel=0.0,
        untrained=max(calibration.untrained, default=1.0) if calibration else 1.0,
        best=max(accuracies, default=1.0),
    )
    # What lies in the course's state may be an earlier kit's.
    baseline = folder.with_name(f"{name}-{kit_digest('lab')[:16]}.json")
    if not baseline.is_file():
        accuracy = exam.probe(pooled_log_mel(mels))
        files.write(baseline, json.dumps({"log_mel": accuracy}).encode())
    return replace(exam, log_mel=json.loads(baseline.read_text())["log_mel"])


def _keep(path: Path, content: bytes) -> None:
    """Have ``content`` at ``path``; what is there already is not written again."""
    if not path.is_file() or path.read_bytes() != content:
        files.write(path, content)
