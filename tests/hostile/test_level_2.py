"""At level 2 what the level is there to stop is stopped; with SPEECHMARK_HOSTILE=all all else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hostile.arena import Arena, arena
from tests.hostile.corpus import Case
from tests.hostile.promises import check_code, needs, of_kind

LEVEL = 2
pytestmark = needs(LEVEL)


@pytest.fixture(scope="module")
def place() -> Iterator[Arena]:
    with arena(LEVEL) as made:
        yield made


@pytest.mark.parametrize("case", of_kind("code", LEVEL))
def test_hostile_code_gains_nothing_tells_nothing_and_leaves_nothing(
    place: Arena, case: Case
) -> None:
    check_code(case, place)
