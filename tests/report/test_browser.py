"""The pages in a real browser, on a desktop and on a phone. Skipped where there is none."""

from __future__ import annotations

import html
import json
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from autograder.lms.marks import Mark, Marks
from autograder.report.rounds import rounds
from tests.browser import CHROMIUM, browser, sideways, tab  # noqa: F401
from tests.report.birdsong import (
    RUN,
    check,
    fault,
    marked,
    measuring,
    part,
    report,
    result,
    training,
)

WIDTHS = (1280, 390)

LOOK = """
const box = (e) => e.getBoundingClientRect();
const name = (e) => `${e.tagName} ${e.getAttribute("class")}: ${e.textContent.trim().slice(0, 30)}`;
const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
function look(frame) {
  const page = frame.contentDocument, width = frame.clientWidth, labels = [];
  for (const chart of page.querySelectorAll("svg.chart")) {
    const texts = [...chart.querySelectorAll("text:not(.glyph)")];
    texts.forEach((a, i) => texts.slice(i + 1).forEach((b) => {
      if (meet(box(a), box(b))) labels.push(`${name(a)} / ${name(b)}`);
    }));
  }
  // On a desktop a table of many parts may scroll within its own frame.
  const outside = [...page.querySelectorAll("body *")]
    .filter((e) => box(e).width > 1 && box(e).right > width + 0.5)
    .filter((e) => width < 640 || !e.parentElement.closest(".grid")).map(name);
  const found = { width, scroll: page.documentElement.scrollWidth, outside, labels };
  const grid = page.getElementById("grid");
  if (grid) {
    const order = () => [...grid.tBodies[0].rows].filter((r) => !r.hidden)
      .map((r) => r.cells[0].textContent.trim());
    const total = [...grid.tHead.rows[0].cells].find((c) => c.textContent.includes("Automatic"));
    total.querySelector("button").click();
    found.ascending = order();
    total.querySelector("button").click();
    found.descending = order();
    found.sorted = total.getAttribute("aria-sort");
    page.getElementById("query").value = "gra";
    page.getElementById("query").dispatchEvent(new frame.contentWindow.Event("input"));
    found.filtered = order();
    found.visible = box(page.getElementById("tools")).height > 0;
  }
  return found;
}
addEventListener("load", () => {
  document.body.textContent = JSON.stringify([...document.querySelectorAll("iframe")].map(look));
});
"""


def seen(folder: Path, pages: list[Path]) -> list[dict[str, Any]]:
    """What a browser makes of each page at each width."""
    frames = "".join(
        f'<iframe src="{page.as_uri()}" style="width:{width}px;height:900px;border:0"></iframe>'
        for page in pages
        for width in WIDTHS
    )
    wrapper = folder / "wrapper.html"
    wrapper.write_text(f"<!doctype html><body>{frames}<script>{LOOK}</script>", encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    flags += ["--allow-file-access-from-files", f"--user-data-dir={folder / 'profile'}"]
    done = subprocess.run(
        [CHROMIUM, *flags, "--dump-dom", wrapper.as_uri()],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    (told,) = re.findall(r"<body>(\[.*\])</body>", done.stdout, re.DOTALL)
    return json.loads(html.unescape(told))  # type: ignore[no-any-return]


@pytest.mark.skipif(not CHROMIUM, reason="no Chromium is found")
def test_pages_fit_any_screen_no_labels_meet_and_the_class_can_be_sorted(tmp_path: Path) -> None:
    long = "Александра_Константинопольская-Ростоцкая " * 3
    wrong = part(
        "a_part_with_a_very_long_name_indeed", 0.0,
        check("test_v", "crashed", hint="Which sum is it? " * 12, where="x" * 300, essential=True),
        *(check(f"test_{i}") for i in range(9)),
    )  # fmt: skip
    replaced = part("voice", 1.0, check("test_v", "wrong")).model_copy(update={"replaced": True})
    many = [part(f"part_number_{i}", i / 5, check("test_v", "wrong"), of=5.0) for i in range(9)]
    submissions = [
        result("ada", *many, training=training(flags=["y" * 500], signals={"s" * 40: 1e-9})),
        result("grace", replaced, wrong, training=measuring(songs=0.801, gain=-0.2)),
        result(long, wrong, training=measuring(songs=0.79, start=0.001), repairs=["z" * 300]),
        result("bea", *many, training=training(length="short", bars={"songs": 0.795})),
        fault("joan", "d" * 500),
        *(result(f"s{i}", *many, training=measuring(songs=0.8 + i / 400)) for i in range(6)),
    ]
    report(tmp_path, *submissions, title="Birdsong " * 12, training=RUN, marks={"ada": marked(3.5)})
    folder = tmp_path / "report"
    chosen = ["students/grace.html", "staff/ada.html"]
    long_page = next((folder / "students").glob("*-*.html"))
    index, *rest = seen(
        tmp_path, [folder / "index.html", long_page, *(folder / name for name in chosen)]
    )
    for page in (index, *rest):
        assert page["scroll"] <= page["width"], page
        assert page["outside"] == []
        assert page["labels"] == []
    assert index["visible"]
    assert index["sorted"] == "descending"
    assert index["ascending"][0] == "joan"
    assert index["descending"][-1] == "joan"
    assert index["filtered"] == ["grace"]


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_scrolls_sideways_fails_in_a_script_or_asks_the_network(
    tmp_path: Path,
    tab,  # noqa: F811
    width: int,
) -> None:
    wrong = part("fade", 1.0, check("test_ramp", "wrong", hint="Which end? " * 20))
    late = Marks(
        {"fade": Mark(1.5, 2.0, by_hand=True, comment="x" * 300), "essay": Mark(0.0, 4.0, True)},
        penalty=0.5,
        handed_in=datetime(2026, 1, 11, tzinfo=UTC),
        due=datetime(2026, 1, 10, tzinfo=UTC),
    )
    change = {"name": "ada", "before": None, "after": {"score": 2.0}, "cause": "first grade"}
    entry = {"time": "2026-01-10T09:00:00+00:00", "reason": "y" * 200, "changes": [change]}
    report(
        tmp_path,
        result("ada", wrong, training=training()),
        fault("joan"),
        marks={"ada": late},
        rounds=rounds([entry, entry]),
    )
    folder = tmp_path / "report"
    for path in [folder / "index.html", *folder.glob("st*/*.html")]:
        assert sideways(tab, path, width) <= 0, path.name
    tab.goto((folder / "index.html").as_uri())
    if width > 640:
        tab.get_by_role("button", name="Automatic").click()
    tab.locator("#query").fill("ada")
    assert tab.locator("#grid tbody tr:visible").count() == 1
    assert tab.heard.errors == []
    assert tab.heard.requests == []
