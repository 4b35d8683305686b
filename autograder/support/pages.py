"""HTML pages that open from disk and ask for nothing else.

Style, charts and script are inside the page, and a content security policy admits that style
and that script alone, by digest. Every string that a template prints is made plain, bounded
and escaped on the way, since much of it comes from submissions. ``say`` in a template is
:func:`autograder.support.sentences.say` with its values treated so.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from autograder.support.plaintext import plain
from autograder.support.sentences import say

_SHARED = Path(__file__).parent / "templates"
_LONGEST = 600
"""Characters of a string that a page shows."""
_IN_BACKTICKS = re.compile(r"`([^`\n]+)`")


def render(template: Path, view: dict[str, Any], *, script: str = "", style: str = "") -> str:
    """The page that ``template`` makes of ``view``.

    Args:
        template: a file; what it extends or imports lies beside it or in this package.
        view: its variables; ``style``, ``script`` and ``policy`` are added.
        script: the page's only script.
        style: rules behind those that all pages share.
    """
    page = _environment(template.parent).get_template(template.name)
    style = _text(_SHARED / "style.css") + style
    return page.render(
        view, style=Markup(style), script=Markup(script), policy=_policy(style, script)
    )


def style() -> str:
    """The rules that all pages share."""
    return _text(_SHARED / "style.css")


@cache
def _environment(folder: Path) -> Environment:
    def said(sentence: str, **values: Any) -> Markup:
        return Markup(say(sentence, **{name: _escaped(value) for name, value in values.items()}))

    environment = Environment(
        loader=FileSystemLoader([folder, _SHARED]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_bounded,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["say"] = said
    environment.filters["with_code"] = with_code
    return environment


def with_code(text: str | None) -> Markup:
    """``text`` in HTML, escaped and bounded; what stands in backticks is set as code."""
    return Markup(_IN_BACKTICKS.sub(r"<code>\1</code>", str(_escaped(text or ""))))


def _bounded(value: Any) -> Any:
    foreign = isinstance(value, str) and not isinstance(value, Markup)
    return plain(value, _LONGEST) if foreign else value


def _escaped(value: Any) -> Any:
    return escape(_bounded(value)) if isinstance(value, str) else value


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    def source(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    allowed = f"; script-src {source(script)}" if script else ""
    return (
        f"default-src 'none'; style-src {source(style)}{allowed}; "
        "base-uri 'none'; form-action 'none'"
    )
