"""A real browser for tests: Debian's Chromium, driven by playwright. Tests skip without one.

Import the fixtures that a test needs::

    from tests.browser import browser, tab  # noqa: F401
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)


@dataclass
class Heard:
    """What a page did besides being shown."""

    errors: list[str] = field(default_factory=list)
    """Scripts that failed, and what the console calls an error."""
    requests: list[str] = field(default_factory=list)
    """Addresses that were asked for, but for files and what stands in the page."""


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """The browser; one for the tests of a module, since others count what processes are left."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM:
        pytest.skip("no Chromium is found")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def tab(browser):
    """A tab of its own; ``tab.heard`` says what went on in it."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    tab.heard = Heard()
    tab.on("pageerror", lambda error: tab.heard.errors.append(str(error)))
    tab.on(
        "console",
        lambda said: tab.heard.errors.append(said.text) if said.type == "error" else None,
    )
    tab.on(
        "request",
        lambda asked: (
            None
            if asked.url.startswith(("file:", "data:", "about:"))
            else tab.heard.requests.append(asked.url)
        ),
    )
    yield tab
    context.close()


def sideways(tab, path: Path, width: int) -> int:
    """By how many pixels a page is wider than a window of ``width``."""
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto(path.as_uri())
    return int(tab.evaluate("document.documentElement.scrollWidth - innerWidth"))
