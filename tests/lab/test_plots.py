"""Figures say what they show, draw what they are given, and survive poor runs."""

from __future__ import annotations

import html
import math
import re

import matplotlib
import numpy as np
import pytest
import torch
from IPython.core.formatters import DisplayFormatter
from matplotlib.colors import to_rgb

from autograder.lab import plots

matplotlib.use("Agg")


def mels(clips: int = 2) -> torch.Tensor:
    return torch.randn(clips, 40, 48, generator=torch.Generator().manual_seed(0))


def latent(clips: int = 40, speakers: int = 3):
    generator = torch.Generator().manual_seed(0)
    names = [f"speaker {i % speakers}" for i in range(clips)]
    return torch.randn(clips, 8, generator=generator), torch.arange(clips) % 10, names


FIGURES = {
    "wave": lambda: plots.wave(torch.randn(8000)),
    "log_mel": lambda: plots.log_mel(mels()[0]),
    "views": lambda: plots.views(mels(), mels() + 1, mels() - 1),
    "curve": lambda: plots.curve([5.0, 4.0, 3.0], "A loss", (5.5, "chance")),
    "measures": lambda: plots.measures({"untrained": 0.5, "yours": 0.9}, {"yours": 0.85}),
    "latent": lambda: plots.latent(*latent()),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_can_be_saved_and_is_not_left_open(name, tmp_path):
    figure = FIGURES[name]()
    figure.savefig(tmp_path / "figure.png")
    assert (tmp_path / "figure.png").stat().st_size > 3000
    assert not matplotlib.pyplot.get_fignums()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("wave", ["1.00 s", "A clip"]),
        ("log_mel", ["40 bands", "0.77 s"]),
        ("views", ["2 clips"]),
        ("curve", ["A loss", "from 5", "to 3", "3 steps", "5.5: chance"]),
        ("measures", ["untrained 50.0%", "yours 90.0%, to exceed 85.0%"]),
        ("latent", ["40 clips", "speaker 0, speaker 1, speaker 2"]),
    ],
)
def test_a_notebook_shows_a_figure_with_its_description(name, words, monkeypatch):
    published = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: published.append(data))
    figure = FIGURES[name]()
    assert DisplayFormatter().format(figure) == ({}, {})
    (shown,) = published
    assert set(shown) == {"text/html", "text/plain"}
    alt = re.fullmatch(
        r'<img src="data:image/png;base64,[\w+/=]+" alt="([^"]*)">', shown["text/html"]
    )
    assert alt
    assert html.unescape(alt[1]) == shown["text/plain"] == figure.alt
    assert all(word in shown["text/plain"] for word in words)


def test_a_run_of_which_nothing_is_finite_is_described_too():
    assert "no value is finite" in plots.curve([math.nan, math.inf], "A loss").alt


def test_time_is_in_seconds():
    (axes,) = plots.wave(torch.randn(4000), sample_rate=8000).axes
    assert axes.get_xlim()[1] == pytest.approx(0.5, rel=0.01)
    axes = plots.log_mel(mels()[0], sample_rate=8000).axes[0]
    assert axes.images[0].get_extent()[:2] == [0, pytest.approx(48 * 128 / 8000)]


def test_views_share_the_colours_of_the_clip():
    figure = plots.views(mels(), 3 * mels(), mels() - 1)
    limits = {axes.images[0].get_clim() for axes in figure.axes if axes.images}
    assert limits == {(float(mels().min()), float(mels().max()))}


def test_one_clip_makes_one_row_of_views():
    figure = plots.views(mels()[0], mels()[1], mels()[1])
    assert len([axes for axes in figure.axes if axes.images]) == 3


def test_a_curve_is_drawn_against_the_level_it_is_compared_with():
    (axes,) = plots.curve([5.0, 4.0], "A loss", (3.43, "chance: 3.43")).axes
    assert axes.get_title(loc="left") == "A loss"
    assert any(np.allclose(line.get_ydata(), 3.43) for line in axes.lines)
    assert axes.texts[0].get_text() == "chance: 3.43"
    (axes,) = plots.curve([5.0, 4.0]).axes
    assert not axes.texts


@pytest.mark.parametrize("values", [[], [3.0], [5.0, math.nan, math.inf], [900.0, 2.0], [0.0, 0.0]])
@pytest.mark.parametrize("level", [None, (1.0, "chance")])
def test_the_curve_of_a_poor_run_can_be_drawn(values, level):
    (axes,) = plots.curve(values, level=level).axes
    assert np.isfinite(axes.get_ylim()).all()


@pytest.mark.parametrize("values", [[-1.0, -2.0], [-3.0, 4.0]])
def test_a_curve_may_go_below_zero(values):
    (axes,) = plots.curve(values).axes
    low, high = axes.get_ylim()
    assert low < min(values)
    assert high > max(values)


def test_bars_are_the_measures_and_without_anything_to_exceed_only_the_last_is_coloured():
    (axes,) = plots.measures({"log-mel": 0.7, "untrained": 0.5, "yours": 0.9}).axes
    assert [bar.get_width() for bar in axes.patches] == [0.7, 0.5, 0.9]
    colours = [bar.get_facecolor()[:3] for bar in axes.patches]
    assert colours[0] == colours[1] == to_rgb(plots.GREY) != colours[2]


def test_what_a_measure_has_to_exceed_is_drawn_at_it_and_told():
    values = {"log-mel": 0.7, "few": 0.6, "all": 0.9}
    (axes,) = plots.measures(values, {"few": 0.65}).axes
    colours = [bar.get_facecolor()[:3] for bar in axes.patches]
    assert colours[0] == colours[2] == to_rgb(plots.GREY) != colours[1]
    (line,) = axes.lines
    assert list(line.get_xdata()) == [0.65, 0.65]
    assert np.mean(line.get_ydata()) == pytest.approx(1)
    assert "bar 65.0%" in [text.get_text() for text in axes.texts]


def test_a_measure_below_zero_stays_in_the_picture():
    (axes,) = plots.measures({"gain": -0.2, "probe": 0.9}).axes
    assert axes.get_xlim()[0] <= -0.2


def test_the_latent_space_names_its_digits_and_speakers():
    by_digit, by_speaker = plots.latent(*latent()).axes
    assert len(by_digit.collections) == 10
    labels = [text.get_text() for text in by_speaker.get_legend().get_texts()]
    assert labels == ["speaker 0", "speaker 1", "speaker 2"]


def test_of_many_clips_only_some_are_drawn():
    by_digit, _ = plots.latent(*latent(60), clips=20).axes
    assert sum(len(points.get_offsets()) for points in by_digit.collections) == 20


def test_many_speakers_have_no_legend():
    assert plots.latent(*latent(60, speakers=30)).axes[1].get_legend() is None
