"""The training run of grading without its wall: the same steps, in this process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from autograder.grading.training import Start
from autograder.isolation.remote.training import TrainingRun


class Unwalled:
    """Answers the steps of a training run as a worker does."""

    def __init__(self, source: str, namespace: Mapping[str, Any]) -> None:
        self._run, self._namespace = TrainingRun(source), dict(namespace)

    def training_step(self, step: str, **fields: Any) -> dict[str, Any]:
        """One step, a method of :class:`TrainingRun`."""
        if step == "build":
            fields = {"namespace": self._namespace, **fields}
        answer: dict[str, Any] | None = getattr(self._run, step)(**fields)
        return answer or {}


def starting(source: str, namespace: Mapping[str, Any]) -> Start:
    """What starts the functions of ``namespace`` under the ``training.py`` of ``source``."""

    @contextmanager
    def start() -> Iterator[Any]:
        yield Unwalled(source, namespace)

    return start
