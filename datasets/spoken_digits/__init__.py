"""Corpora of spoken digits: loaded by name, verified, split by speaker.

>>> from spoken_digits import card, load
>>> corpus = load("fsdd")
>>> train, test = corpus.split_by_speaker(card("fsdd").test_speakers)
"""

from spoken_digits.cards import Card, card
from spoken_digits.corpus import Corpus, Split
from spoken_digits.errors import CorpusError
from spoken_digits.loading import available, load

__all__ = ["Card", "Corpus", "CorpusError", "Split", "available", "card", "load"]
