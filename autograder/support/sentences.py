"""The product's sentences that students read, in one file: who translates it, translates them."""

from __future__ import annotations

from functools import cache


def say(sentence: str, **values: object) -> str:
    """A sentence of ``sentences.toml`` with the values put in.

    Args:
        sentence: ``table.key``.
        values: for the names in braces.
    """
    table, _, key = sentence.partition(".")
    return _sentences()[table][key].format(**values)


@cache
def _sentences() -> dict[str, dict[str, str]]:
    import tomllib
    from importlib.resources import files

    # A wheel that is not installed yet is read from too, where there are no paths.
    text = files("autograder.support").joinpath("sentences.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
