"""Text that somebody else chose, made fit to print: names, messages and lines of submissions.

It can hold anything: control characters and terminal escapes, overrides of the writing
direction, half of a surrogate pair, megabytes, spreadsheet formulas. Escaping for HTML is
the template's work, not done here.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence

_SPACES = {"Zl", "Zp", "Zs"}
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Cn", "Co"}
_JOINERS = "\u200c\u200d"
_FORMULA = tuple("=+-@＝＋－＠")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)")
"""Names that Windows keeps for devices, whatever their extension."""


def plain(text: str, limit: int = 80) -> str:
    """``text`` on one line of at most ``limit`` characters.

    Control, format, private and undefined characters are dropped, but for the joiners that
    some scripts spell with. What is cut off is marked by an ellipsis.
    """
    if len(text) <= limit and text.isprintable():
        return " ".join(text.split())
    kept = []
    for char in text[: 4 * limit]:
        category = unicodedata.category(char)
        if category in _SPACES or char in "\t\n\r\v\f":
            kept.append(" ")
        elif category not in _UNPRINTABLE or char in _JOINERS:
            kept.append(char)
    line = " ".join("".join(kept).split())
    cut = len(line) > limit or len(text) > 4 * limit
    return line[: limit - 1].rstrip() + "…" if cut else line


def plain_lines(text: str, limit: int = 2000) -> str:
    """``text`` with each line plain and its indentation kept, up to 40 spaces of it."""

    def line(raw: str) -> str:
        indent = len(raw) - len(raw.lstrip(" "))
        return " " * min(indent, 40) + plain(raw, limit)

    return "\n".join(map(line, text.split("\n")))


def slugs(names: Sequence[str]) -> list[str]:
    """A file name without extension for each name: ASCII, lower case, unique, at most 60 long.

    A name that is such already stays itself; any other carries a digest of the whole name,
    so that it does not depend on who else is in the class. No two are the same even on a
    file system that ignores case.
    """
    taken: set[str] = set()
    result = []
    for name in names:
        folded = unicodedata.normalize("NFKD", name[:200]).encode("ascii", "ignore").decode()
        base = re.sub(r"[^a-z0-9_]+", "-", folded.lower())[:40].strip("-_")
        if not base or base != name or _RESERVED.fullmatch(base):
            digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
            base = f"{base or 'student'}-{digest[:10]}"
        slug, copy = base, 1
        while slug in taken:
            copy += 1
            slug = f"{base}-{copy}"
        taken.add(slug)
        result.append(slug)
    return result


def spreadsheet_cell(text: str) -> str:
    """``text`` made plain so that no spreadsheet takes it for a formula.

    A leading ``=``, ``+``, ``-`` or ``@`` is preceded by an apostrophe.
    """
    line = plain(text, 200)
    return f"'{line}" if line.startswith(_FORMULA) else line
