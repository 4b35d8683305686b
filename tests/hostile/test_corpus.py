"""The corpus says what it is, and the page about it says the same."""

from __future__ import annotations

import pytest

from tests.hostile.corpus import LAYERS, Case, cases
from tests.hostile.markup import active_markup
from tests.hostile.table import PAGE, page

ALL = [*cases("code"), *cases("files"), *cases("training")]


def test_there_are_enough_attacks_and_each_layer_has_its_own() -> None:
    assert len(ALL) >= 60
    assert {layer for case in ALL for layer in case.layers} == LAYERS.keys()


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_only_what_nobody_stops_is_expected_to_succeed(case: Case) -> None:
    assert ("nobody" in case.layers) == ("open" in case.keys)


def test_no_two_attacks_try_the_same() -> None:
    assert len({case.about for case in ALL}) == len(ALL)


def test_the_page_of_attacks_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize(
    "html",
    [
        "<p><script>evil(1)</script></p>",
        "<img src=x onerror=evil(1)>",
        "<svg onload='evil(1)'/>",
        "<a href=' java\nscript:evil(1)'>x</a>",
        "<iframe srcdoc='&lt;script>evil(1)&lt;/script>'>",
        "<style>@import 'evil'</style>",
        "<img src=//evil/x.png>",
    ],
)
def test_markup_that_would_run_is_seen(html: str) -> None:
    assert active_markup(html)


@pytest.mark.parametrize(
    "html", ["&lt;script&gt;evil(1)&lt;/script&gt;", "<b title='evil(1)'>evil(1)</b>"]
)
def test_markup_that_is_text_is_passed_over(html: str) -> None:
    assert not active_markup(html)
