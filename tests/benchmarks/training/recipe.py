"""The training recipe against the first one that worked, side by side in one process.

Run as ``python -m tests.benchmarks.training.recipe COURSE SEEDS`` by the row ``recipe``: prints
JSON.
Both train with the reference loss and head on FSDD; linear probes, with all labels and with
few, read digits of speakers that were not trained on. Processor time is that of training and
embedding.
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
from autograder.lab.probing import few_label_probe, linear_probe
from autograder.lab.training import INPUTS, Names, TrainingFile, build, inputs_of, sample_of, whole
from spoken_digits import Corpus, card, load
from tests.benchmarks.classes import NAME, namespace
from tests.benchmarks.training import yardstick


class Task:
    """FSDD, and one way of splitting its speakers."""

    def __init__(self, assignment: Assignment, corpus: Corpus, test_speakers: Sequence[str]):
        self.functions = namespace(assignment)
        self.recipe = assignment.training.recipe
        self.file = TrainingFile.of(assignment.training_source)
        self.waves, self.digits = corpus.waves, corpus.digits
        split = corpus.split_by_speaker(test_speakers)
        self.train, self.test = split.train_idx, split.test_idx
        is_train = torch.zeros(len(corpus), dtype=torch.bool)
        is_train[self.train] = True
        self.clips = inputs_of(corpus, is_train, INPUTS)

    def present(self, seed: int) -> dict[str, float]:
        """Accuracies and CPU-seconds of the recipe that grading uses."""
        started = time.process_time()
        student, sample = Names(self.functions), sample_of(self.clips)
        model = build(self.file, student, self.recipe, seed, "cpu", sample)
        self.file.train(model, self.clips, self.recipe, whole)
        embeddings = self.file.embed(model, self.clips)[""]
        return self._examined(embeddings, time.process_time() - started)

    def first(self, seed: int) -> dict[str, float]:
        """Accuracies and CPU-seconds of the recipe it is measured against."""
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
        data = train, self.digits[self.train], test, self.digits[self.test]
        probes = {"accuracy": linear_probe(*data), "few labels": few_label_probe(*data)}
        return {**probes, "CPU-s": seconds}


def main() -> None:
    torch.set_num_threads(1)
    assignment, seeds = Course(Path(sys.argv[1])).assignment(NAME), int(sys.argv[2])
    corpus = load("fsdd")
    task = Task(assignment, corpus, card("fsdd").test_speakers)
    runs = [{"first": task.first(seed), "present": task.present(seed)} for seed in range(seeds)]
    speakers = sorted(set(corpus.speakers))
    alone = {who: Task(assignment, corpus, [who]).present(0)["accuracy"] for who in speakers}
    print(json.dumps({"recipe": task.recipe, "runs": runs, "left out": alone}))


if __name__ == "__main__":
    main()
