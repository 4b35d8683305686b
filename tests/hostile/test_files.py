"""Hostile files are refused with one message, or graded as the honest work that is in them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hostile.arena import Arena, arena
from tests.hostile.corpus import Case
from tests.hostile.promises import check_file, needs, of_kind

pytestmark = needs(3)


@pytest.fixture(scope="module")
def place() -> Iterator[Arena]:
    """With an honest submission handed in."""
    with arena(3) as made:
        folder = made.root / "submitted" / "honest" / "contrastive"
        folder.mkdir(parents=True)
        (folder / "contrastive.ipynb").write_bytes(made.honest())
        yield made


@pytest.mark.parametrize("case", of_kind("files", 3))
def test_a_hostile_file_is_refused_or_graded_as_what_is_honest_in_it(
    place: Arena, case: Case
) -> None:
    check_file(case, place)
