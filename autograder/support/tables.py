"""Tables in CSV, as spreadsheets and course systems write them."""

from __future__ import annotations

import csv
import io

from autograder.support.errors import SpeechmarkError


def rows(text: str, separator: str = ",") -> list[tuple[int, list[str]]]:
    """The rows of a table that are not empty, each with the number of the line it ends on.

    Raises:
        SpeechmarkError: it is no table; a quotation mark that is never closed may swallow the rest.
    """
    # A carriage return alone ends a line too: so does a spreadsheet of an old Macintosh.
    lines = io.StringIO(text.removeprefix("\ufeff"), newline=None)
    reader = csv.reader(lines, delimiter=separator)
    try:
        return [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        raise SpeechmarkError(f"no table of separated values: {error}") from error
