"""Mistakes of a user of the kit, each answered with one clear message and no traceback."""

from __future__ import annotations


class SpeechmarkError(Exception):
    """Something the user can put right; the message says what and how."""
