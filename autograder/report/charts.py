"""Charts as inline SVG, drawn with nothing but numbers and escaped text.

Each function returns one ``<svg>`` as :class:`markupsafe.Markup`; colours and type come from
the page's style sheet through class names, so charts follow light, dark and print. Values
that are not finite, or absurd, are left out. Every chart has a label that says in words
what it shows. Within a chart stand numbers of its axis only: names, bars and levels are text
of the page around it, which wraps, so no two labels can meet.

Our own, since what plotting libraries write has colours and a size of its own in it, or needs a
script, and the pages have neither.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from autograder.lab.testing.outcomes import Outcome
from autograder.support.sentences import say

COLOURS = 10
"""Colours of the palette, classes ``c0`` to ``c9``."""

_ABSURD = 1e6
_WIDTH = 480
"""Of charts with an axis: legible on a phone, where they shrink to three quarters."""
_SHAPES = (
    "M{x} {y}m-2.6 0a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0",
    "M{x} {y}m0-3.2l3.1 5.4h-6.2z",
    "M{x} {y}m-2.3-2.3h4.6v4.6h-4.6z",
    "M{x} {y}m0-3.3l3.3 3.3l-3.3 3.3l-3.3-3.3z",
    "M{x} {y}m0 3.2l3.1-5.4h-6.2z",
)
"""A dot, triangles and squares around the point at x, y."""


class Dot(NamedTuple):
    """One submission in a chart: its value, what a pointer reads, where a click leads."""

    value: float
    label: str
    href: str


def sane(value: float | None) -> bool:
    """Whether ``value`` can be drawn: there, finite, of a size that means something."""
    return value is not None and math.isfinite(value) and abs(value) <= _ABSURD


def within_one(value: float) -> bool:
    """Whether ``value`` is a share, or the difference of two: shown in percent."""
    return abs(value) <= 1


def scale(lo: float, hi: float, start: float, end: float) -> Callable[[float], float]:
    """The affine map that takes ``lo`` to ``start`` and ``hi`` to ``end``."""
    slope = (end - start) / (hi - lo) if hi > lo else 0.0
    return lambda value: start + (value - lo) * slope


def ticks(lo: float, hi: float, about: int = 5) -> list[float]:
    """Round values (steps of 1, 2 or 5 times a power of ten) within ``[lo, hi]``."""
    if not hi > lo:
        return [lo]
    raw = (hi - lo) / about
    power = 10.0 ** math.floor(math.log10(raw))
    step = power * next(m for m in (1, 2, 5, 10) if raw <= m * power * 1.0001)
    first, last = math.ceil(lo / step - 1e-9), math.floor(hi / step + 1e-9)
    return [round(i * step, 10) for i in range(first, last + 1)]


def histogram(
    values: Iterable[float], edges: Sequence[float], label: str, *, unit: str, height: int = 236
) -> Markup:
    """Counts of ``values`` between ``edges``; the last bin holds its upper edge too.

    Args:
        values: any numbers; those outside are counted in the first and last bin.
        edges: ascending bin edges, at least two.
        label: what the chart shows, in words.
        unit: what the values are, set under the axis.
    """
    bins = len(edges) - 1
    counts = Counter(
        min(max(sum(v >= e for e in edges) - 1, 0), bins - 1) for v in values if sane(v)
    )
    width, base = _WIDTH, height - 40
    x = scale(edges[0], edges[-1], 8, width - 8)
    y = scale(0, max(counts.values(), default=1), base, 20)
    body = [_line(8, base, width - 8, base, "axis")]
    for i in range(bins):
        left, right = x(edges[i]), x(edges[i + 1])
        if counts[i]:
            body.append(_rect(left + 1, y(counts[i]), right - left - 2, base - y(counts[i]), "bar"))
            body.append(_text((left + right) / 2, y(counts[i]) - 5, counts[i], "n middle"))
    for tick in ticks(edges[0], edges[-1], 8):
        body.append(_line(x(tick), base, x(tick), base + 4, "axis"))
        body.append(_text(x(tick), base + 17, f"{tick:g}", "n middle"))
    body.append(_text(width - 8, height - 4, unit, "quiet end"))
    return _svg(width, height, label, body)


def strip(
    dots: Sequence[Dot], marks: Iterable[float], axis: tuple[float, float], label: str
) -> Markup:
    """Values of one kind along an axis, one dot per submission, stacked where they coincide.

    Args:
        dots: the submissions.
        marks: values with a line through the chart.
        axis: its lowest and highest value; what lies outside is drawn at its end.
        label: what the chart shows, in words.
    """
    lo, hi = axis
    base, height, pitch = 62, 84, 6.4
    x = scale(lo, hi, 16, _WIDTH - 16)
    words = "{:.0%}" if within_one(lo) and within_one(hi) else "{:g}"
    body = [_line(6, base + 3, _WIDTH - 6, base + 3, "axis")]
    for tick in ticks(lo, hi, 7):
        body.append(_line(x(tick), 6, x(tick), base + 6, "grid"))
        body.append(_text(x(tick), base + 18, words.format(tick + 0.0), "n middle quiet"))
    body += [_line(x(mark), 2, x(mark), base + 3, "mark") for mark in marks if sane(mark)]
    columns: dict[int, list[Dot]] = {}
    for dot in sorted((dot for dot in dots if sane(dot.value)), key=lambda dot: dot.value):
        at = x(min(max(dot.value, lo), hi))
        columns.setdefault(round(at / pitch), []).append(dot)
    highest = max((len(stack) for stack in columns.values()), default=1)
    rise = min(pitch, (base - 8) / highest)
    body += [
        _dot(dot, column * pitch, base - 1 - i * rise)
        for column, stack in columns.items()
        for i, dot in enumerate(stack)
    ]
    return _svg(_WIDTH, height, label, body)


def axis(values: Iterable[float]) -> tuple[float, float]:
    """A round axis on which all drawable ``values`` lie; 0 to 1 for none."""
    drawn = [value for value in values if sane(value)]
    if not drawn:
        return 0.0, 1.0
    lo, hi = min(drawn), max(drawn)
    shares = within_one(lo) and within_one(hi)
    step = 0.05 if shares else 10.0 ** math.floor(math.log10(hi - lo or 1))
    first, last = math.floor(lo / step - 0.2) * step, math.ceil(hi / step + 0.2) * step
    return (max(first, -1.0), min(last, 1.0)) if shares else (first, last)


def split_bar(counts: Mapping[Outcome, int], total: int, label: str, *, width: int) -> Markup:
    """One bar of ``total``, cut into the classes ``o-<key>`` by ``counts``."""
    at, body = 0.0, [_rect(0, 3, width, 10, "track")]
    for key, count in counts.items():
        length = width * count / max(total, 1)
        if count:
            body.append(_rect(at, 3, max(length - 1, 1), 10, f"o-{key}"))
        at += length
    body.append(Markup("<title>{}</title>").format(label))
    return _svg(width, 16, label, body)


def bar(value: float, mark: float | None, label: str, *, own: bool) -> Markup:
    """A value as a horizontal bar from 0, on an axis to 1 or as far as needed, and a mark.

    It has no text and takes whatever width the page gives it.

    Args:
        value: how far the bar reaches; nothing is drawn of one that is not finite.
        mark: what it has to exceed, drawn as a line across; None for nothing.
        label: what the chart shows, in words.
        own: drawn with emphasis.
    """
    drawn = [v for v in (value, mark) if v is not None and sane(v)]
    x = scale(min(0.0, *drawn, 0.0), max(1.0, *drawn, 1.0), 0, 100)
    body = [_rect(0, 3, 100, 10, "track")]
    if sane(value):
        left, right = sorted((x(0), x(value)))
        body.append(_rect(left, 3, right - left, 10, "bar own" if own else "bar"))
    if mark is not None and sane(mark):
        body.append(_line(x(mark), 0, x(mark), 16, "mark"))
    return Markup(
        '<svg class="chart bar-of" viewBox="0 0 100 16" preserveAspectRatio="none" height="16"'
        ' role="img" aria-label="{}">{}</svg>'
    ).format(label, Markup("").join(body))


def curve(values: Sequence[float], steps: int, level: float | None, label: str) -> Markup:
    """A value by step, thin as it was and thick as its running mean, with a line at ``level``.

    Args:
        values: at least one, evenly spread over the steps; drawn at most 600 of them.
        steps: the number of steps they span.
        level: what to compare with, or None.
        label: what the chart shows, in words.
    """
    every = max(1, math.ceil(len(values) / 600))
    points = [
        ((i + 1) * steps / len(values), value)
        for i, value in enumerate(values)
        if i % every == 0 and sane(value)
    ]
    height, left, right, base = 220, 44, _WIDTH - 12, 182
    shown = [value for _, value in points] + ([level] if level is not None and sane(level) else [])
    lo, hi = min(shown, default=0.0), max(shown, default=1.0)
    room = max(0.06 * (hi - lo), 1e-3 * abs(hi), 1e-6)
    lo, hi = lo - room, hi + room
    x, y = scale(0, steps, left, right), scale(lo, hi, base, 10)
    body = []
    for tick in ticks(lo, hi, 5):
        body.append(_line(left, y(tick), right, y(tick), "grid"))
        body.append(_text(left - 6, y(tick) + 4, f"{tick:g}", "n end"))
    body.append(_line(left, base, right, base, "axis"))
    body += [_text(x(t), base + 17, f"{t:g}", "n middle") for t in ticks(0, steps, 5)]
    body.append(_text(right, height - 4, say("page.step"), "quiet end"))
    span = max(1, len(points) // 25)
    means = [
        (step, math.fsum(v for _, v in near) / len(near))
        for i, (step, _) in enumerate(points)
        for near in [points[max(0, i - span) : i + span + 1]]
    ]
    for line, kind in ((points, "raw"), (means, "smooth")):
        path = " ".join(f"{x(step):.1f},{y(value):.1f}" for step, value in line)
        body.append(Markup('<polyline class="{}" points="{}"/>').format(kind, path))
    if level is not None and sane(level):
        body.append(_line(left, y(level), right, y(level), "mark"))
    return _svg(_WIDTH, height, label, body)


def scatter(points: Sequence[Sequence[float]], groups: Sequence[str], label: str) -> Markup:
    """Points in the plane, a colour and a sign per group; :func:`legend` says which is whose.

    Groups whose names are single characters, such as digits, are drawn as those.

    Args:
        points: coordinates, drawn with equal scales on both axes.
        groups: the group of each point.
        label: what the chart shows, in words.
    """
    drawn = [
        (px, py, group)
        for (px, py), group in zip(points, groups, strict=True)
        if sane(px) and sane(py)
    ]
    side = 360
    xs, ys = [p[0] for p in drawn] or [0.0], [p[1] for p in drawn] or [0.0]
    reach = max(max(xs) - min(xs), max(ys) - min(ys), 1e-9) / 2
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    x = scale(middle_x - reach, middle_x + reach, 12, side - 12)
    y = scale(middle_y - reach, middle_y + reach, side - 12, 12)
    body = [_rect(0, 0, side, side, "track")]
    names = sorted(set(groups))
    for i, name in enumerate(names):
        at = [(f"{x(px):.0f}", f"{y(py):.0f}") for px, py, group in drawn if group == name]
        body.append(_glyphs(i, name, at) if _are_signs(names) else _shapes(i, at))
    return _svg(side, side, label, body)


def legend(groups: Sequence[str]) -> list[tuple[Markup, str]]:
    """Sign and name of each group of :func:`scatter`; nothing if the names are the signs."""
    names = sorted(set(groups))
    if _are_signs(names):
        return []
    return [
        (
            Markup('<svg class="chart" width="12" height="12" aria-hidden="true">{}</svg>').format(
                _shapes(i, [("6", "6")])
            ),
            name,
        )
        for i, name in enumerate(names)
    ]


def _are_signs(names: Sequence[str]) -> bool:
    return all(len(name) == 1 for name in names)


def _glyphs(group: int, name: str, at: Sequence[tuple[str, str]]) -> Markup:
    return Markup('<text class="glyph c{}" x="{}" y="{}">{}</text>').format(
        group % COLOURS, " ".join(x for x, _ in at), " ".join(y for _, y in at), name * len(at)
    )


def _shapes(group: int, at: Sequence[tuple[str, str]]) -> Markup:
    shape = _SHAPES[(group + group // COLOURS) % len(_SHAPES)]
    path = "".join(shape.format(x=x, y=y) for x, y in at)
    return Markup('<path class="c{}" d="{}"/>').format(group % COLOURS, path)


def _svg(width: float, height: float, label: str, body: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg class="chart" viewBox="0 0 {0:.0f} {1:.0f}" width="{0:.0f}" height="{1:.0f}"'
        ' role="img" aria-label="{2}">{3}</svg>'
    ).format(width, height, label, Markup("").join(body))


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    return Markup('<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>').format(
        kind, x1, y1, x2, y2
    )


def _rect(x: float, y: float, width: float, height: float, kind: str) -> Markup:
    return Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
        kind, x, y, max(width, 0), max(height, 0)
    )


def _text(x: float, y: float, text: object, kind: str) -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}">{}</text>').format(kind, x, y, text)


def _dot(dot: Dot, x: float, y: float) -> Markup:
    return Markup(
        '<a href="{}" tabindex="-1"><circle class="dot" cx="{:.1f}" cy="{:.1f}" r="2.8">'
        "<title>{}</title></circle></a>"
    ).format(dot.href, x, y, dot.label)
