"""Hidden suite of the part ``representation``: what can be seen of views without training.

Which augmentations are good is for the training run to say. Here the two functions are
asked for what any augmentation keeps: the shape and dtype of finite clips, its inputs, and
two views that are not the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from autograder.lab.testing.randomness import real, twin
from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import demand, essential, weigh

DRAWS = 40
"""A clip that is left as it is with probability 0.7 stays so 40 times in 6e-7 of cases."""
FUNCTIONS = {"augment_wave": "wave", "augment_mel": "mel"}


class Call(NamedTuple):
    """What a function made of clips, and whether it changed them."""

    name: str
    clips: Tensor
    returned: object
    changed: bool


_calls: WeakKeyDictionary[Student, list[Call]] = WeakKeyDictionary()


def calls(student: Student, reference: Mapping[str, Tensor]) -> list[Call]:
    """Calls of both functions at several batch sizes. Tests share them."""
    if student not in _calls:
        generator, made = twin(11), []
        student.seed(11)
        for name, kind in FUNCTIONS.items():
            clips = reference[kind]
            for batch in (clips, torch.cat([clips] * 3), clips[1:], clips[:1]):
                result = student.call(name, batch.clone(), generator)
                made.append(Call(name, batch, result, "0" in student.mutated))
        _calls[student] = made
    return _calls[student]


def checked(name: str, clips: Tensor, result: object) -> Tensor:
    """``result``, if it is a view of ``clips``."""
    demand(isinstance(result, Tensor), "representation.not_a_tensor", (name, type(result).__name__))
    assert isinstance(result, Tensor)
    seen = (name, result.dtype, tuple(result.shape))
    demand(result.shape == clips.shape, "representation.shape", seen)
    demand(result.dtype == clips.dtype, "representation.dtype", seen)
    plain = real(result)
    demand(plain is not None, "representation.not_a_tensor", (name, result.layout, result.device))
    assert plain is not None
    demand(bool(plain.isfinite().all()), "representation.view_not_finite", seen)
    return plain.clone()


@weigh(0)
@essential
def test_views_are_clips(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Views are finite and have the shape and dtype of their clips."""
    for call in calls(student, reference):
        checked(call.name, call.clips, call.returned)


@weigh(0)
@essential
def test_inputs_are_kept(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The clips that a view is made of are not changed."""
    for call in calls(student, reference):
        demand(not call.changed, "representation.in_place", call.name)


@weigh(0)
@essential
def test_two_views_differ(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The two views of a clip are not the same, whichever clip of the batch it is."""
    generator = twin(13)
    student.seed(13)

    def view(name: str) -> Tensor:
        clips = reference[FUNCTIONS[name]]
        return checked(name, clips, student.call(name, clips.clone(), generator))

    def differ(a: Tensor, b: Tensor) -> Tensor:
        """Which clips of two views are not the same, [batch]."""
        return (a != b).flatten(1).any(dim=1)

    first = {name: view(name) for name in FUNCTIONS}
    seen = torch.zeros(len(reference["wave"]), dtype=torch.bool)
    for _ in range(DRAWS):
        for name in FUNCTIONS:
            seen |= differ(view(name), first[name])
            if seen.all():
                return
    demand(not seen.any(), "representation.some_clips", seen.tolist())
    unchanged = all(torch.equal(first[name], reference[kind]) for name, kind in FUNCTIONS.items())
    demand(False, "representation.unchanged" if unchanged else "representation.same_views")
