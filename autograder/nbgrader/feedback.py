"""What nbgrader's feedback pages show: results as HTML, and students' own text made safe.

Nothing of a test is shown but its demand, its outcome, its hint and the student's own line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from autograder.course.results import PartResult, TestResult
from autograder.lab.testing.outcomes import OUTCOMES
from autograder.support.pages import with_code
from autograder.support.plaintext import plain
from autograder.support.sentences import say
from autograder.support.words import number

_BREAK = "\u200b"
"""Zero-width space: nothing to see, and no tag, entity, scheme or macro goes on behind it."""

_FUSES = re.compile(
    r"""<(?=[A-Za-z/!?])        # tags
    |&(?=[\#A-Za-z])            # entities, which are decoded in addresses
    |!(?=\[)                   # images, remote or attached
    |(?:javascript|vbscript|data|file|attachment)(?=[\s\\]*:)  # addresses that run or read
    |\\(?=href|require)        # what makes links in formulas""",
    re.VERBOSE | re.IGNORECASE,
)


def defused(markdown: str) -> str:
    """Markdown that reads the same and holds nothing but text, formulas and plain links.

    nbconvert passes HTML and addresses such as ``javascript:`` in Markdown on to feedback
    pages and formgrader, and fails on a picture whose attachment is missing.
    """
    return _FUSES.sub(lambda match: match[0] + _BREAK, markdown)


def part_html(part: PartResult, outdated: str = "") -> str:
    """Points, then each demand with its outcome and hint.

    Args:
        part: what is shown.
        outdated: what is said where something else is asked by now.
    """
    points = {"score": number(part.score), "most": number(part.max_score)}
    whole = say("page.point" if part.max_score == 1 else "page.points", **points)
    head = f"<strong>{whole}</strong>"
    if outdated:
        head += f" <em>{_text(outdated)}</em>"
    if part.tests and all(test.outcome == "missing" for test in part.tests):
        return f"{head} <em>{OUTCOMES['missing'].words}</em>"
    note = f" <em>{say('page.replaced_part')}</em>" if part.replaced else ""
    hints = [test.hint for test in part.tests]
    repeated = [hint in hints[:place] for place, hint in enumerate(hints)]
    tests = map(_test_html, part.tests, repeated)
    return f"{head}{note}<ul>{''.join(tests)}</ul>"


def repairs_html(repairs: Iterable[str]) -> str:
    """What was put right in the notebook before it was graded."""
    items = "".join(f"<li>{_text(repair)}</li>" for repair in repairs)
    return f"<strong>{say('page.repairs')}</strong><ul>{items}</ul>"


def _test_html(test: TestResult, repeated: bool) -> str:
    """A line of the list; ``repeated``: a line above it has the same hint already."""
    more = [f" <code>{_text(test.where)}</code>"] if test.where else []
    if test.hint and not test.held:
        more.append(f" <em>{say('page.as_above') if repeated else with_code(test.hint)}</em>")
    said = OUTCOMES[test.outcome]
    says = said.sign if test.outcome in ("passed", "wrong") else f"{said.sign} {said.words}"
    return f"<li><strong>{says}</strong> {with_code(test.demand)}{''.join(more)}</li>"


def _text(text: str) -> str:
    return escape(plain(text, 600))
