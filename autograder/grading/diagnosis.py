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
    back by it costs nothing more. It is tried before the own run is repeated on further seeds,
    since what learns slowly does so on any. The others only name the cause.

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

    def tried(runs: Sequence[Trial], which: Start) -> tuple[list[Made], Failure | None]:
        try:
            return make_until_all_reached(runs, which), None
        except GraderFault:
            raise
        except Failure as error:
            return [], error

    def lifts(made: Sequence[Made]) -> bool:
        return tiers.reaches_all([m.training for m in made], settings)

    every = planned(trial)
    first = [run for run in every if run.seed == settings.seed]
    left = [swap for swap in settings.swap if not set(swap.names) <= set(replaced)]
    counting = next((swap for swap in left if swap.counts), None)
    further: list[Training] = []

    def lifting(swaps: Sequence[Swap]) -> Swap | None:
        """The first of the swaps that lifts the run by itself; what is made goes to ``further``."""
        for swap in swaps:
            alone, _ = tried(first, swapped(swap))
            further.extend(m.training for m in alone)
            if lifts(alone):
                return swap
        return None

    own = partial(start, [])
    made, failure = tried(every if counting is None else first, own)
    if lifts(made):
        return Verdict(_recorded(made, trial))
    inside: list[Swap] = []
    if counting is not None:
        with_ours, _ = tried(every, swapped(counting))
        recorded = _recorded(with_ours, trial, picture=not made)
        inside = [s for s in left if not s.counts and set(s.names) < set(counting.names)]
        if lifts(with_ours):
            stand_in, *further = recorded
            if failure or not inside:
                # Where nothing smaller can be tried, the swap itself is the cause.
                cause = [*inside, counting][0]
            else:
                cause = lifting(inside[:-1]) or inside[-1]
            return Verdict(_recorded(made, trial), failure, stand_in, cause.hint, further)
        further = recorded
        if len(made) == len(first):  # none of them was ended
            made += tried(every[len(first) :], own)[0]
            if lifts(made):
                return Verdict(_recorded(made, trial), further=further)
    outside = [swap for swap in left if not swap.counts and swap not in inside]
    blamed = lifting(outside) if made else None
    return Verdict(_recorded(made, trial), failure, None, blamed.hint if blamed else None, further)


def _recorded(made: Sequence[Made], trial: Trial, picture: bool = True) -> list[Training]:
    """The runs, the best first, that one with a picture of its latent space."""
    settings = trial.assignment.training
    best = tiers.best_first([m.training for m in made], settings)
    if not best or not picture:
        return best
    first = next(m for m in made if m.training is best[0])
    return [shown(first, trial.exam), *best[1:]]


def planned(trial: Trial) -> list[Trial]:
    """The runs of one notebook: the short one if there is one, the long one, its repeats.

    Seeds count on from the assignment's. A short run that needs bars and has none is left out.
    """
    settings = trial.assignment.training
    seeds = range(settings.seed, settings.seed + 1 + settings.repeats)
    long = [replace(trial, seed=seed, length="long") for seed in seeds]
    if settings.short is None or (settings.calibrated and not trial.exam.short_bars):
        return long
    return [replace(trial, seed=settings.seed, length="short"), *long]


def make_until_all_reached(runs: Sequence[Trial], start: Start) -> list[Made]:
    """Make runs of one notebook until together they reach every tier.

    Args:
        runs: how each is made, in order.
        start: starts the notebook in a fresh worker.

    Returns:
        The runs made, in order; what any of them reaches is reached.

    Raises:
        Failure: how the student's code ended the first run, or the grader's own fault.
    """
    made: list[Made] = []
    for each in runs:
        # A short run begins where the long one of its seed does.
        begun = next((m for m in made if m.training.seed == each.seed), None)
        try:
            made.append(make(each, start, begun.observed.before if begun else None))
        except Failure as failure:
            if not made or isinstance(failure, GraderFault):
                raise
            break  # what the first run has reached stays reached
        if tiers.reaches_all([m.training for m in made], each.assignment.training):
            break
    return made
