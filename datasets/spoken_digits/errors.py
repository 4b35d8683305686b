"""What goes wrong with a corpus, in words its user can act on."""

from __future__ import annotations


class CorpusError(ValueError):
    """A corpus cannot be had or cannot be trusted; the message names the file and the remedy."""
