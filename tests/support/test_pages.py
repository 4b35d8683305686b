"""Texts on pages: what is code looks like it, and nothing else becomes markup."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from autograder.support.pages import with_code


def test_what_stands_in_backticks_is_code() -> None:
    assert with_code("What does `dim` say of `a < b`?") == (
        "What does <code>dim</code> say of <code>a &lt; b</code>?"
    )


def test_a_single_backtick_is_a_backtick_and_nothing_is_nothing() -> None:
    assert with_code("it`s") == "it`s"
    assert with_code(None) == ""


@given(st.text(alphabet="`<>&\"'ab \n"))
def test_no_other_tag_comes_of_any_text(text: str) -> None:
    tags = re.findall(r"<[^>]*>", with_code(text))
    assert set(tags) <= {"<code>", "</code>"}
    assert tags == ["<code>", "</code>"] * (len(tags) // 2)
