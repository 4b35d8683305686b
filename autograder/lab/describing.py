"""Figures with a description, for who does not see them."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from html import escape

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from autograder.support.sentences import say


def described(figure: Figure, alt: str) -> Figure:
    """The figure, closed so that a notebook shows it only once, and then with ``alt`` as its text.

    A notebook's own way to show figures has no place for a description, so the figure shows
    itself, as HTML.

    Args:
        figure: what is drawn already.
        alt: what it shows, in a sentence or two.
    """

    def show() -> None:
        import IPython.display

        stream = io.BytesIO()
        figure.savefig(stream, format="png", bbox_inches="tight")
        picture = base64.b64encode(stream.getvalue()).decode()
        image = f'<img src="data:image/png;base64,{picture}" alt="{escape(alt)}">'
        IPython.display.display({"text/html": image, "text/plain": alt}, raw=True)

    figure.alt = alt  # type: ignore[attr-defined]
    figure._ipython_display_ = show  # type: ignore[attr-defined]
    plt.close(figure)
    return figure


def curve_in_words(
    values: NDArray[np.float64], title: str, level: tuple[float, str] | None = None
) -> str:
    """A curve as a sentence: its first, last and least value, and over how many steps.

    Args:
        values: its finite values, in the order of the steps.
        title: what they are.
        level: a value to compare with, and what it means.
    """
    if not len(values):
        return say("figures.curve_empty", title=title)
    first, last, low = values[0], values[-1], values.min()
    values_said = {"title": title, "steps": len(values), "first": first, "last": last, "low": low}
    if level is None:
        return say("figures.curve", **values_said)
    return say("figures.curve_level", level=level[0], meaning=level[1], **values_said)


def measures_in_words(values: Mapping[str, float], bars: Mapping[str, float]) -> str:
    """Measures by title, each with the bar that it has to exceed if it has one."""
    listed = "; ".join(
        say("figures.measure_bar", title=title, value=value, bar=bars[title])
        if title in bars
        else say("figures.measure", title=title, value=value)
        for title, value in values.items()
    )
    return say("figures.measures", listed=listed)
