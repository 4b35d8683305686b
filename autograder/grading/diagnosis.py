"""The training run as a whole: own runs, the reference standing in, what holds a run back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial

from autograder.course.results import Training
from autograder.course.settings import Swap
from autograder.grading import tiers
from autograder.grading.training import Made, Start, Trial, make, shown
from autograder.isolation.remote.conversation import Overlay
from autograder.isolation.remote.student import RemoteStudent
from autograder.lab.testing.failures import Failure, GraderFault


@dataclass(frozen=True)
class Verdict:
    """How the training part ended."""

    runs: list[Training]
    """The student's own, the best first; none if ``failure`` ended them."""
    failure: Failure | None = None
    stand_in: Training | None = None
    """The run in which the reference stood in and reached every tier."""
    cause: str | None = None
    """Hint that names what, swapped for the reference, lifts the run."""
    further: Sequence[Training] = ()
    """Runs that only told what holds the others back."""

    @property
    def counted(self) -> list[Training]:
        """The runs that tiers are awarded for."""
        return [*self.runs, *([self.stand_in] if self.stand_in else [])]

    @property
    def training(self) -> Training | None:
        """What is put on record: the best own run, with the processor time of all made."""
        made = [*self.counted, *self.further]
        if not made:
            return None
        update: dict[str, object] = {
            spent: sum(getattr(run, spent) for run in made)
            for spent in ("cpu_seconds", "embedding_seconds")
        }
        update["runs"] = len(made)
        if self.stand_in:
            update["stand_in"] = self.stand_in.measures
        return made[0].model_copy(update=update)


def examine(
    trial: Trial,
    start: Callable[[Sequence[Overlay]], AbstractContextManager[RemoteStudent]],
    replaced: Sequence[str] = (),
) -> Verdict:
    """The training run; where it falls short, whether a swap for the reference lifts it.

    The swap that counts is of a part that has been marked by its own suite, so that a run held
    back by it costs nothing more. The others only name the cause.

    Args:
        trial: how; the first run's.
        start: starts the notebook in a fresh worker with overlays.
        replaced: names for which the reference stands in already.

    Raises:
        GraderFault: the grader failed.
    """
    assignment, settings = trial.assignment, trial.assignment.training

    def swapped(swap: Swap) -> Start:
        return partial(start, [Overlay(assignment.reference_cells[swap.part], swap.names)])

    def tried(which: Start) -> tuple[list[Made], Failure | None]:
        try:
            return run_all(trial, which), None
        except GraderFault:
            raise
        except Failure as error:
            return [], error

    def diagnosed(swap: Swap) -> list[Training]:
        """One run that costs nobody anything; none if the student's code ended it."""
        try:
            once = replace(trial, seed=settings.seed, length="long")
            return [make(once, swapped(swap)).training]
        except GraderFault:
            raise
        except Failure:
            return []

    def lifts(runs: Sequence[Training]) -> bool:
        return any(tiers.reaches_all([run], settings) for run in runs)

    made, failure = tried(partial(start, []))
    runs = _recorded(made, trial)
    if tiers.reaches_all(runs, settings):
        return Verdict(runs)
    left = [swap for swap in settings.swap if not set(swap.names) <= set(replaced)]
    counting = next((swap for swap in left if swap.counts), None)
    further: list[Training] = []
    if counting is not None:
        made_with, _ = tried(swapped(counting))
        with_ours = _recorded(made_with, trial, picture=not runs)
        if tiers.reaches_all(with_ours, settings):
            inside = [s for s in left if not s.counts and set(s.names) < set(counting.names)]
            further = with_ours[1:]
            # Where nothing smaller can be tried, the swap itself is the cause.
            cause = (inside[0] if inside else counting).hint if failure or not inside else None
            for swap in inside if not failure else []:
                cause = swap.hint
                if swap is inside[-1]:
                    break
                further = [*further, *(alone := diagnosed(swap))]
                if lifts(alone):
                    break
            return Verdict(runs, failure, with_ours[0], cause, further)
        further = with_ours
    outside = [
        swap
        for swap in left
        if not swap.counts and not (counting and set(swap.names) < set(counting.names))
    ]
    for swap in outside if runs else []:
        alone = diagnosed(swap)
        further = [*further, *alone]
        if lifts(alone):
            return Verdict(runs, failure, None, swap.hint, further)
    return Verdict(runs, failure, None, None, further)


def _recorded(made: Sequence[Made], trial: Trial, picture: bool = True) -> list[Training]:
    """The runs, the best first, that one with a picture of its latent space."""
    settings = trial.assignment.training
    best = tiers.best_first([m.training for m in made], settings)
    if not best or not picture:
        return best
    first = next(m for m in made if m.training is best[0])
    return [shown(first, trial.exam), *best[1:]]


def run_all(trial: Trial, start: Start) -> list[Made]:
    """The short run if there is one, then the long one, repeated on other seeds while short.

    Args:
        trial: how; seeds count on from the assignment's.
        start: starts the notebook in a fresh worker.

    Returns:
        The runs made, in order; what any of them reaches is reached.

    Raises:
        Failure: how the student's code ended the first run, or the grader's own fault.
    """
    settings = trial.assignment.training
    seeds = range(settings.seed, settings.seed + 1 + settings.repeats)
    trials = [replace(trial, seed=seed, length="long") for seed in seeds]
    if settings.short is not None and (trial.exam.short_bars or not settings.calibrated):
        trials.insert(0, replace(trial, seed=settings.seed, length="short"))
    made: list[Made] = []
    for each in trials:
        # A short run begins where the long one of its seed does.
        begun = next((m for m in made if m.training.seed == each.seed), None)
        try:
            made.append(make(each, start, begun.observed.before if begun else None))
        except Failure as failure:
            if not made or isinstance(failure, GraderFault):
                raise
            break  # what the first run has reached stays reached
        if tiers.reaches_all([m.training for m in made], settings):
            break
    return made
