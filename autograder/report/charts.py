"""Charts as inline SVG, drawn with nothing but numbers and escaped text.

Each function returns one ``<svg>`` as :class:`markupsafe.Markup`; colours and type come from
the page's style sheet through class names, so charts follow light, dark and print. Values
that are not finite, or absurd, are left out. Every chart has a label that says in words
what it shows.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

COLOURS = 10
"""Colours of the palette, classes ``c0`` to ``c9``."""

_ABSURD = 1e6
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
    width, base = 620, height - 40
    x = scale(edges[0], edges[-1], 8, width - 8)
    y = scale(0, max(counts.values(), default=1), base, 20)
    body = [_line(8, base, width - 8, base, "axis")]
    for i in range(bins):
        left, right = x(edges[i]), x(edges[i + 1])
        if counts[i]:
            body.append(_rect(left + 1, y(counts[i]), right - left - 2, base - y(counts[i]), "bar"))
            body.append(_text((left + right) / 2, y(counts[i]) - 5, counts[i], "n middle"))
    for tick in ticks(edges[0], edges[-1], 10):
        body.append(_line(x(tick), base, x(tick), base + 4, "axis"))
        body.append(_text(x(tick), base + 17, f"{tick:g}", "n middle"))
    body.append(_text(width - 8, height - 4, unit, "quiet end"))
    return _svg(width, height, label, body)


def dot_plot(rows: Mapping[str, Sequence[Dot]], marks: Mapping[str, float], label: str) -> Markup:
    """Accuracies, one dot per submission stacked where they coincide, one row per kind.

    Args:
        rows: name of a row to its dots, values from 0 to 1.
        marks: name of a vertical line to its value, at most two.
        label: what the chart shows, in words.
    """
    drawn = {name: [d for d in dots if sane(d.value)] for name, dots in rows.items()}
    every = [d.value for dots in drawn.values() for d in dots] + [
        m for m in marks.values() if sane(m)
    ]
    lo = max(math.floor(min(every, default=0.0) * 10 - 0.2) / 10, 0.0)
    hi = min(math.ceil(max(every, default=1.0) * 10 + 0.2) / 10, 1.0)
    width, row_height, top, pitch = 620, 112, 22, 6.4
    height = top + row_height * len(rows) + 24
    x = scale(lo, hi, 22, width - 22)
    body = []
    for tick in ticks(lo, hi, 7):
        body.append(_line(x(tick), top, x(tick), height - 24, "grid"))
        body.append(_text(x(tick), height - 8, f"{tick:.0%}", "n middle"))
    for row, (name, dots) in enumerate(drawn.items()):
        base = top + row_height * (row + 1) - 6
        bins: dict[int, list[Dot]] = {}
        for dot in sorted(dots, key=lambda d: d.value):
            bins.setdefault(round(x(dot.value) / pitch), []).append(dot)
        highest = max((len(stack) for stack in bins.values()), default=1)
        rise = min(pitch, (row_height - 34) / highest)
        body.append(_line(10, base + 3, width - 10, base + 3, "axis"))
        for column, stack in bins.items():
            body += [
                _dot(dot, column * pitch, base - i * rise, f"dot r{row}")
                for i, dot in enumerate(stack)
            ]
        body.append(_text(12, base - row_height + 24, name, "row"))
    free = 0.0  # where a label can begin without touching the one before it
    for i, (name, value) in enumerate(sorted(marks.items(), key=lambda item: item[1])):
        if sane(value):
            body.append(_line(x(value), top - 6, x(value), height - 24, f"mark m-{name}"))
            text = f"{name} {value:.1%}"
            room = 6.2 * len(text)
            before = x(value) > width - room or (i == 0 and x(value) > room)
            at = x(value) - 5 if before else max(x(value) + 5, free)
            free = at if before else at + room
            body.append(_text(at, top - 8, text, f"n {'end' if before else 'start'}"))
    return _svg(width, height, label, body)


def split_bar(counts: Mapping[str, int], total: int, label: str, *, width: int) -> Markup:
    """One bar of ``total``, cut into the classes ``o-<key>`` by ``counts``."""
    at, body = 0.0, [_rect(0, 3, width, 10, "track")]
    for key, count in counts.items():
        length = width * count / max(total, 1)
        if count:
            body.append(_rect(at, 3, max(length - 1, 1), 10, f"o-{key}"))
        at += length
    body.append(Markup("<title>{}</title>").format(label))
    return _svg(width, 16, label, body)


def bars(rows: Mapping[str, float], mark: tuple[str, float], label: str) -> Markup:
    """Accuracies from 0 to 1 as horizontal bars, the last emphasised, and a line at ``mark``."""
    width, left, right, pitch = 620, 160, 540, 34
    height = 24 + pitch * len(rows) + 26
    x = scale(0, 1, left, right)
    body = [_line(x(t), 22, x(t), height - 24, "grid") for t in (0.25, 0.5, 0.75, 1)]
    for i, (name, value) in enumerate(rows.items()):
        y = 26 + pitch * i
        own = "own" if i == len(rows) - 1 else "other"
        body.append(_text(left - 12, y + 15, name, f"end {own}"))
        words = "–"
        if sane(value):
            words = f"{value:.1%}"
            body.append(_rect(left, y + 2, x(min(value, 1)) - left, pitch - 14, f"bar {own}"))
        body.append(_text(width - 14, y + 15, words, f"n end {own}"))
    body.append(_line(left, 22, left, height - 24, "axis"))
    for tick in (0, 0.25, 0.5, 0.75, 1):
        body.append(_text(x(tick), height - 8, f"{tick:.0%}", "n middle quiet"))
    if sane(mark[1]):
        body.append(_line(x(mark[1]), 16, x(mark[1]), height - 24, "mark m-threshold"))
        body.append(_text(x(mark[1]), 11, f"{mark[0]} {mark[1]:.1%}", "n middle"))
    return _svg(width, height, label, body)


def curve(losses: Sequence[float], steps: int, level: float | None, label: str) -> Markup:
    """A loss by step, thin as it was and thick as its running mean, with a line at ``level``.

    Args:
        losses: at least one, evenly spread over the steps; drawn at most 600 of them.
        steps: the number of steps they span.
        level: a loss that means nothing has been learned, or None.
        label: what the chart shows, in words.
    """
    every = max(1, math.ceil(len(losses) / 600))
    points = [
        ((i + 1) * steps / len(losses), loss)
        for i, loss in enumerate(losses)
        if i % every == 0 and sane(loss)
    ]
    width, height, left, base = 620, 260, 40, 222
    shown = [loss for _, loss in points] + ([level] if level is not None and sane(level) else [])
    lo, hi = min(shown, default=0.0), max(shown, default=1.0)
    room = max(0.06 * (hi - lo), 0.05)
    lo, hi = lo - room, hi + 1.8 * room
    x, y = scale(0, steps, left, width - 12), scale(lo, hi, base, 14)
    body = []
    for tick in ticks(lo, hi, 5):
        body.append(_line(left, y(tick), width - 12, y(tick), "grid"))
        body.append(_text(left - 7, y(tick) + 4, f"{tick:g}", "n end"))
    body.append(_line(left, base, width - 12, base, "axis"))
    body += [_text(x(t), base + 18, f"{t:g}", "n middle") for t in ticks(0, steps, 6)]
    body.append(_text(width - 12, height - 3, "training step", "quiet end"))
    span = max(1, len(points) // 25)
    means = [
        (step, math.fsum(v for _, v in near) / len(near))
        for i, (step, _) in enumerate(points)
        for near in [points[max(0, i - span) : i + span + 1]]
    ]
    for line, kind in ((points, "raw"), (means, "smooth")):
        path = " ".join(f"{x(step):.1f},{y(loss):.1f}" for step, loss in line)
        body.append(Markup('<polyline class="{}" points="{}"/>').format(kind, path))
    if level is not None and sane(level):
        body.append(_line(left, y(level), width - 12, y(level), "mark m-threshold"))
        words = f"ln(2N−1) = {level:.2f}, nothing learned"
        body.append(_text(width - 14, y(level) - 6, words, "n end halo"))
    return _svg(width, height, label, body)


def scatter(
    points: Iterable[Sequence[float]], groups: Sequence[str], label: str, *, glyphs: bool
) -> Markup:
    """Points in the plane, one colour per group; groups are told apart without colour too.

    Args:
        points: coordinates, drawn with equal scales on both axes.
        groups: the group of each point.
        label: what the chart shows, in words.
        glyphs: draw the first character of the group's name (digits); otherwise a shape
            per group, with a legend.
    """
    drawn = [
        (px, py, group)
        for (px, py), group in zip(points, groups, strict=True)
        if sane(px) and sane(py)
    ]
    names = sorted({group for _, _, group in drawn})
    side, columns = 400, 4
    xs, ys = [p[0] for p in drawn] or [0.0], [p[1] for p in drawn] or [0.0]
    reach = max(max(xs) - min(xs), max(ys) - min(ys), 1e-9) / 2
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    x = scale(middle_x - reach, middle_x + reach, 12, side - 12)
    y = scale(middle_y - reach, middle_y + reach, side - 12, 12)
    body = [_rect(0, 0, side, side, "track")]
    for i, name in enumerate(names):
        at = [(f"{x(px):.0f}", f"{y(py):.0f}") for px, py, group in drawn if group == name]
        if glyphs:
            body.append(
                Markup('<text class="glyph c{}" x="{}" y="{}">{}</text>').format(
                    i % COLOURS,
                    " ".join(px for px, _ in at),
                    " ".join(py for _, py in at),
                    name[:1] * len(at),
                )
            )
            continue
        body.append(_shapes(i, at))
        row, column = divmod(i, columns)
        left, top = 14 + column * (side - 20) / columns, side + 16 + row * 18
        body.append(_shapes(i, [(f"{left:.0f}", f"{top - 4}")]))
        body.append(_text(left + 8, top, name, "n"))
    legend = 0 if glyphs else 8 + 18 * math.ceil(len(names) / columns)
    return _svg(side, side + legend, label, body)


def _shapes(group: int, at: Sequence[tuple[str, str]]) -> Markup:
    shape = _SHAPES[group % len(_SHAPES)]
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


def _dot(dot: Dot, x: float, y: float, kind: str) -> Markup:
    return Markup(
        '<a href="{}" tabindex="-1"><circle class="{}" cx="{:.1f}" cy="{:.1f}" r="2.8">'
        "<title>{}: {:.1%}</title></circle></a>"
    ).format(dot.href, kind, x, y, dot.label, dot.value)
