"""What of a page a browser would run: markup that calls ``evil(1)`` or fetches from ``//evil``."""

from __future__ import annotations

from html.parser import HTMLParser

_ACTIVE = ("javascript:", "vbscript:", "data:text", "data:image/svg", "//", "http")


class _Collector(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._raw = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._raw = tag if tag in ("script", "style") else ""
        for name, value in attrs:
            flat = "".join((value or "").split()).lower()
            runs = name.startswith("on") or name in ("srcdoc", "style") or flat.startswith(_ACTIVE)
            if "evil" in flat and runs:
                self.found.append(f"<{tag} {name}={value}>")

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        self._raw = ""

    def handle_data(self, data: str) -> None:
        if self._raw and "evil" in data:
            self.found.append(f"<{self._raw}>{data}")


def active_markup(html: str) -> list[str]:
    """Each piece of active markup in ``html``."""
    collector = _Collector()
    collector.feed(html)
    return collector.found
