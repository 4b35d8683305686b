"""One corpus of spoken digits in memory, and the ways to split it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from spoken_digits.errors import CorpusError

if TYPE_CHECKING:
    from torch import Tensor


class Split(NamedTuple):
    """Two disjoint sets of clips that together are the whole corpus; ascending int64 indices."""

    train_idx: Tensor
    test_idx: Tensor


@dataclass(frozen=True, eq=False)
class Corpus:
    """Recordings of single digits; no recording occurs twice.

    Raises:
        CorpusError: the fields do not belong together, or a recording occurs twice.
    """

    name: str
    waves: Tensor
    """[clips, samples] float32 in -1..1, zero-padded at the end."""
    lengths: Tensor
    """[clips] int64, samples of each clip before the padding."""
    digits: Tensor
    """[clips] int64, 0..9."""
    speaker_ids: Tensor
    """[clips] int64, index into ``speaker_names``."""
    speaker_names: tuple[str, ...]
    takes: Tensor
    """[clips] int64, counts the recordings of one digit by one speaker."""
    sample_rate: int
    """Hz."""
    digest: str
    """Content digest of the recordings it was loaded from (see :mod:`spoken_digits.digest`)."""

    def __post_init__(self) -> None:
        clips = self.waves.shape[0]
        columns = (self.lengths, self.digits, self.speaker_ids, self.takes)
        if self.waves.ndim != 2 or any(column.shape != (clips,) for column in columns):
            raise CorpusError("waves must be [clips, samples] and every other column [clips].")
        recordings = zip(*(column.tolist() for column in columns[1:]), strict=True)
        if len(set(recordings)) != clips:
            raise CorpusError("A recording (digit, speaker, take) occurs more than once.")

    def __len__(self) -> int:
        return int(self.waves.shape[0])

    @property
    def speakers(self) -> tuple[str, ...]:
        """Name of the speaker of each clip."""
        return tuple(self.speaker_names[i] for i in self.speaker_ids.tolist())

    def subset(self, idx: Tensor | Sequence[int] | Sequence[bool]) -> Corpus:
        """The clips at ``idx`` (indices or a mask), in that order.

        ``speaker_names`` and ``digest`` stay those of the whole.

        Raises:
            CorpusError: an index occurs twice.
        """
        import torch

        at = torch.as_tensor(idx)
        at = at.nonzero().flatten() if at.dtype == torch.bool else at.to(torch.int64)
        return replace(
            self,
            waves=self.waves[at],
            lengths=self.lengths[at],
            digits=self.digits[at],
            speaker_ids=self.speaker_ids[at],
            takes=self.takes[at],
        )

    def split_by_speaker(self, test: Iterable[str]) -> Split:
        """Test on every clip of the speakers named, train on all others.

        Raises:
            CorpusError: a name is not a speaker of this corpus, or a side would be empty.
        """
        chosen = {test} if isinstance(test, str) else set(test)
        if unknown := sorted(chosen - set(self.speaker_names)):
            raise CorpusError(
                f"{self.name} has no speaker {', '.join(map(repr, unknown))};"
                f" it has {', '.join(self.speaker_names)}."
            )
        return self._split([name in chosen for name in self.speakers], "split_by_speaker")

    def split_by_take(self, test: Collection[int]) -> Split:
        """Test on the takes given (FSDD's own split: ``range(5)``), train on all others.

        Every speaker is on both sides: easier than unheard speakers.

        Raises:
            CorpusError: a side would be empty.
        """
        return self._split([take in test for take in self.takes.tolist()], "split_by_take")

    def split_at_random(self, test_fraction: float = 0.2, seed: int = 0) -> Split:
        """Test on ``round(test_fraction * clips)`` clips drawn by ``seed``, train on all others.

        Raises:
            CorpusError: ``test_fraction`` is outside 0..1, or a side would be empty.
        """
        import torch

        if not 0 < test_fraction < 1:
            raise CorpusError(f"test_fraction must lie between 0 and 1, not {test_fraction}.")
        order = torch.randperm(len(self), generator=torch.Generator().manual_seed(seed))
        held_out = torch.zeros(len(self), dtype=torch.bool)
        held_out[order[: round(test_fraction * len(self))]] = True
        return self._split(held_out.tolist(), "split_at_random")

    def _split(self, held_out: list[bool], method: str) -> Split:
        import torch

        mask = torch.tensor(held_out, dtype=torch.bool)
        split = Split(torch.nonzero(~mask).flatten(), torch.nonzero(mask).flatten())
        if not len(split.train_idx) or not len(split.test_idx):
            side = "train" if not len(split.train_idx) else "test"
            raise CorpusError(f"{method} of {self.name}: no clip would be left to {side} on.")
        return split
