"""Hostile code at every isolation level: the whole corpus at level 3, the default.

At level 2 what that level is there to stop is stopped; at level 1 limits hold and nothing else is
promised, which the controls show. With SPEECHMARK_HOSTILE=all everything runs at every level.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hostile.arena import Arena, arena
from tests.hostile.corpus import Case
from tests.hostile.promises import check_code, needs, of_kind


@pytest.fixture(scope="module")
def place(request: pytest.FixtureRequest) -> Iterator[Arena]:
    with arena(request.param) as made:
        yield made


@pytest.mark.parametrize(
    ("place", "case"),
    [
        pytest.param(
            level, *case.values, id=f"{level}-{case.id}", marks=[needs(level), *case.marks]
        )
        for level in (1, 2, 3)
        for case in of_kind("code", level)
    ],
    indirect=["place"],
)
def test_hostile_code_gains_nothing_tells_nothing_and_leaves_nothing(
    place: Arena, case: Case
) -> None:
    check_code(case, place)
