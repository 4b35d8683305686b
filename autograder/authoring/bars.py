"""The bars that follow from measured runs, and the chances that they leave every variant.

Correct are the reference, and those right solutions of free parts that gain at least half of
what the reference gains over untrained networks: less is what the bar is there to tell. Of a
part for which the reference stands in where a run falls short, no solution lowers the bar,
however slowly it learns.

The bar is the highest that is fair to all of these. Where luck would clear every tier, a network
that was never trained and its "before" from another random beginning, it is the lowest that luck
does not clear: right solutions that fall short of that one are not among the correct, and a
corpus whose reference does cannot carry a bar.
"""

from __future__ import annotations

import platform
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

import torch

from autograder import __version__
from autograder.authoring import threshold
from autograder.course.calibration import CorpusCalibration, Kind, Variant
from autograder.course.settings import TrainingSettings
from autograder.grading import tiers
from autograder.support.errors import SpeechmarkError

REFERENCE = "reference"
UNTRAINED = "untrained"


@dataclass(frozen=True)
class Run:
    """One training run to make: a variant, a seed, and the notebook."""

    variant: str
    kind: Kind
    seed: int
    content: bytes


@dataclass(frozen=True)
class Outcome:
    """What was measured of a run: nothing if the student's code ended it."""

    digest: str
    long: dict[str, float] = field(default_factory=dict)
    short: dict[str, float] = field(default_factory=dict)
    signals: dict[str, float] = field(default_factory=dict)


def conclude(settings: TrainingSettings, outcomes: Mapping[Run, Outcome]) -> CorpusCalibration:
    """The bars that follow from ``outcomes``, and what they mean for each variant.

    Raises:
        SpeechmarkError: a run of the reference was ended.
    """
    kinds: dict[str, Kind] = {}
    by_variant: dict[str, list[Outcome]] = defaultdict(list)
    for run, outcome in outcomes.items():
        if not outcome.long and run.kind == "reference":
            raise SpeechmarkError(f"{run.variant}, seed {run.seed}: training failed.")
        kinds[run.variant] = run.kind
        by_variant[run.variant].append(outcome)
    chances = _Chances(settings, by_variant, _correct(settings, kinds, by_variant))

    def variant(name: str) -> Variant:
        runs = by_variant[name]
        stood_in = kinds[name] == "stood_in"
        is_correct = name in chances.correct or stood_in
        caught_by = ""
        if is_correct:
            chance = chances.of_failing(name)
            if stood_in:  # both must fall short for it to fail
                chance *= chances.of_failing(REFERENCE)
        elif kinds[name] == "untrained":
            chance = chances.of_luck()
        else:
            chance, caught_by = chances.of_clearing(name)
        return Variant(
            kind=kinds[name],
            values=_columns([o.long for o in runs]),
            short=_columns([o.short for o in runs]),
            correct=is_correct,
            chance=chance,
            caught_by=caught_by,
            signals=_means([o.signals for o in runs if o.signals]),
        )

    variants = {name: variant(name) for name in by_variant}
    first = next(iter(outcomes.values()))
    return CorpusCalibration(
        bars=chances.bars,
        short_bars=chances.short_bars,
        recipe=settings.recipe,
        chance_of_failing=max(v.chance for v in variants.values() if v.correct),
        baselines={
            measure.name: first.long[measure.name]
            for measure in settings.measure
            if measure.of == "log_mel"
        },
        variants=variants,
        digest=first.digest,
        made_with={
            "kit": __version__,
            "torch": torch.__version__,
            "python": platform.python_version(),
            "machine": platform.machine(),
            "threads": "1",
        },
    )


_Measured = Mapping[str, float]
"""Measure to value, of one run."""


class _Chances:
    """The bars, and the chances of the whole procedure: a short run if there is one, long ones.

    Correct work fails if every long run is short of some bar; a short run before them only helps.
    What is not correct clears if any run reaches every tier.
    """

    def __init__(
        self,
        settings: TrainingSettings,
        by_variant: Mapping[str, Sequence[Outcome]],
        candidates: Sequence[str],
    ) -> None:
        self._settings = settings
        self._by_variant = by_variant
        self._tries = 1 + settings.repeats
        luck = [o.long for o in by_variant.get(UNTRAINED, ()) if o.long]
        # Solutions that differ only in what is not embedded have the same beginnings.
        self._luck = list({tuple(run.values()): run for run in luck}.values())
        self.correct = list(candidates)
        self.bars = self._fair_bars()
        last = settings.headline.name
        floor = self._floor(last) if last in self.bars else 0.0
        if floor > self.bars.get(last, 0.0):
            self.bars[last] = floor
            self.correct = [
                name
                for name in candidates
                if self._short_of(last, name) ** self._tries <= threshold.ALLOWED
            ]
            if REFERENCE not in self.correct:
                raise SpeechmarkError(
                    f"This corpus cannot carry a bar: untrained networks clear any below "
                    f"{floor:.3f} too often, and the reference falls short of that one."
                )
        self.short_bars: dict[str, float] = {}
        for measure in self.bars if settings.short else ():
            short = [o.short[measure] for o in by_variant[REFERENCE] if measure in o.short]
            if short:
                bar = threshold.cleared_by_most(short)
                bar = max(bar, floor) if measure == last else bar
                self.short_bars[measure] = min(bar, self.bars[measure])

    def _fair_bars(self) -> dict[str, float]:
        """Each measure's highest fair bar; all share the allowed chance of failing right work."""
        found = {}
        measures = [measure.name for measure in self._settings.calibrated]
        for measure in measures:
            groups = [self._values(name, measure) for name in self.correct]
            share = threshold.ALLOWED / len(measures)
            found[measure] = threshold.highest(groups, self._tries, share)
        return found

    def _floor(self, measure: str) -> float:
        """The lowest bar of one measure that keeps luck out; the other bars are as they are."""
        runs = self._tries + (self._settings.short is not None)

        def chance(bar: float) -> float:
            return self._once_by_luck({**self.bars, measure: bar})

        return threshold.lowest(chance, threshold.ALLOWED / runs)

    def _once_by_luck(self, bars: Mapping[str, float]) -> float:
        """Chance that one untrained run reaches every tier."""
        return threshold.chance_above(0.0, self._hardest(self._luck, bars)) if self._luck else 0.0

    def _hardest(self, runs: Sequence[_Measured], bars: Mapping[str, float]) -> list[float]:
        """How far each run is above the bar of the tier that is hardest for it."""
        return [min(tiers.margins(run, bars, self._settings).values()) for run in runs]

    def of_luck(self) -> float:
        """Chance that an untrained encoder reaches every tier with some run."""
        short = self._once_by_luck(self.short_bars) if self.short_bars else 0.0
        return self._over_all_runs(short, self._once_by_luck(self.bars))

    def _over_all_runs(self, short: float, long: float) -> float:
        """Chance for any run of a submission, from those for one short and for one long run."""
        return min(1.0, short + self._tries * long)

    def _values(self, name: str, measure: str) -> list[float]:
        return [o.long[measure] for o in self._by_variant[name] if o.long]

    def _spread(self, name: str, measure: str) -> tuple[float, int]:
        groups = [self._values(other, measure) for other in self.correct]
        return threshold.deviation(self._values(name, measure), groups)

    def _short_of(self, measure: str, name: str) -> float:
        """Chance that one long run falls short of one bar."""
        own = self._values(name, measure)
        if not own:
            return 1.0
        return threshold.chance_below(self.bars[measure], own, *self._spread(name, measure))

    def of_failing(self, name: str) -> float:
        """Chance that correct work falls short of some bar with every long run."""
        return min(sum(self._short_of(m, name) ** self._tries for m in self.bars), 1.0)

    def of_clearing(self, name: str) -> tuple[float, str]:
        """Chance that some run reaches every tier, and the tier that is least likely reached."""
        short, _ = self._once(name, self.short_bars) if self.short_bars else (0.0, "")
        long, caught_by = self._once(name, self.bars)
        chance = self._over_all_runs(short, long)
        return chance, caught_by if chance < 1 else ""

    def _once(self, name: str, bars: Mapping[str, float]) -> tuple[float, str]:
        """Chance that one run reaches every tier, and the tier that is least likely reached."""
        runs = [o.long for o in self._by_variant[name] if o.long]
        if not runs:
            return 0.0, "every tier: it cannot be trained"

        def above(variant: str) -> dict[str, list[float]]:
            ended = [o.long for o in self._by_variant[variant] if o.long]
            columns = [tiers.margins(run, bars, self._settings) for run in ended]
            return {tier.name: [c[tier.name] for c in columns] for tier in self._settings.tier}

        own, correct = above(name), [above(other) for other in self.correct]
        chances = {}
        for tier, margins in own.items():
            spread = threshold.deviation(margins, [other[tier] for other in correct])
            chances[tier] = 1 - threshold.chance_below(0.0, margins, *spread)
        hardest = min(chances, key=chances.__getitem__)
        if len(runs) >= threshold.MANY:
            return threshold.chance_above(0.0, self._hardest(runs, bars)), hardest
        return chances[hardest], hardest


def _correct(
    settings: TrainingSettings,
    kinds: Mapping[str, Kind],
    by_variant: Mapping[str, Sequence[Outcome]],
) -> list[str]:
    """The variants that must not fall short: the reference, and what gains half as much."""
    measure = settings.headline.name
    reference = fmean(o.long[measure] for o in by_variant[REFERENCE])
    begun = [o.long[measure] for o in by_variant.get(UNTRAINED, ()) if o.long]
    half = (reference + (fmean(begun) if begun else 0.0)) / 2
    return [
        name
        for name, runs in by_variant.items()
        if name == REFERENCE
        or (
            kinds[name] == "free"
            and all(o.long for o in runs)
            and fmean(o.long[measure] for o in runs) > half
        )
    ]


def _columns(rows: Sequence[Mapping[str, float]]) -> dict[str, tuple[float | None, ...]]:
    names = dict.fromkeys(name for row in rows for name in row)
    return {
        name: tuple(round(row[name], 4) if name in row else None for row in rows) for name in names
    }


def _means(signals: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Each signal averaged over runs."""
    names = signals[0] if signals else ()
    return {n: round(fmean(run[n] for run in signals), 4) for n in names}
