"""The training recipe against the first one that worked, side by side in one process.

Run as ``python -m tests.benchmarks.recipe COURSE SEEDS`` by the row ``recipe``: prints JSON.
Both train with the reference loss and head on FSDD; a linear probe reads digits of speakers
that were not trained on. Processor time is that of training and embedding.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from autograder.course.assignment import Assignment, Course
from autograder.lab.pretraining import Recipe, embed, pretrain
from autograder.lab.probing import linear_probe
from autograder.lab.testing.seeding import seed_everything
from spoken_digits import Corpus, card, load
from spoken_digits.features import corpus_log_mel
from tests.benchmarks import yardstick
from tests.benchmarks.classes import NAME, namespace


class Task:
    """FSDD, and one way of splitting its speakers."""

    def __init__(self, assignment: Assignment, corpus: Corpus, test_speakers: Sequence[str]):
        self.functions = namespace(assignment.reference_cells.values())
        self.waves, self.digits = corpus.waves, corpus.digits
        self.mels = corpus_log_mel(corpus)
        split = corpus.split_by_speaker(test_speakers)
        self.train, self.test = split.train_idx, split.test_idx

    def present(self, seed: int) -> dict[str, float]:
        """Accuracy and CPU-seconds of the recipe that grading uses."""
        get = self.functions
        seed_everything(seed)
        started = time.process_time()
        encoder = get["Encoder"]()
        views = (get["augment_wave"], get["augment_mel"])
        head = get["ProjectionHead"](encoder.dim)
        waves = self.waves[self.train]
        pretrain(waves, encoder, head, get["info_nce"], *views, seed=seed, progress=False)
        embeddings = embed(encoder, self.mels)
        return self._examined(embeddings, time.process_time() - started)

    def first(self, seed: int) -> dict[str, float]:
        """Accuracy and CPU-seconds of the recipe it is measured against."""
        torch.manual_seed(seed)
        mels = yardstick.log_mels(self.waves)
        started = time.process_time()
        encoder = yardstick.Encoder()
        head = self.functions["ProjectionHead"](encoder.dim)
        yardstick.train(mels[self.train], encoder, head, self.functions["info_nce"], seed)
        mean, std = mels[self.train].mean(), mels[self.train].std()
        with torch.no_grad():
            chunks = torch.split((mels - mean) / std, 256)
            embeddings = torch.cat([encoder(chunk) for chunk in chunks])
        return self._examined(embeddings, time.process_time() - started)

    def _examined(self, embeddings: Tensor, seconds: float) -> dict[str, float]:
        train, test = (embeddings[i] for i in (self.train, self.test))
        labels = self.digits[self.train], self.digits[self.test]
        return {"accuracy": linear_probe(train, labels[0], test, labels[1]), "CPU-s": seconds}


def main() -> None:
    torch.set_num_threads(1)
    assignment, seeds = Course(Path(sys.argv[1])).assignment(NAME), int(sys.argv[2])
    corpus = load("fsdd")
    task = Task(assignment, corpus, card("fsdd").test_speakers)
    runs = [{"first": task.first(seed), "present": task.present(seed)} for seed in range(seeds)]
    speakers = sorted(set(corpus.speakers))
    alone = {who: Task(assignment, corpus, [who]).present(0)["accuracy"] for who in speakers}
    print(json.dumps({"steps": Recipe().steps, "runs": runs, "left out": alone}))


if __name__ == "__main__":
    main()
