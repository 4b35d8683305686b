"""Hidden suite of the part ``representation``: what can be seen of views without training.

Which augmentations are good is for the training run to say. Here the two functions are
asked for what any augmentation keeps: the shape and dtype of finite clips, its inputs, and
two views that are not the same.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Generator, Tensor

from autograder.lab.student import Student
from autograder.lab.suite import demand, essential

DRAWS = 40
"""A batch that is left as it is with probability 0.7 stays so 40 times in 6e-7 of cases."""
FUNCTIONS = {"augment_wave": "wave", "augment_mel": "mel"}


def view(student: Student, name: str, clips: Tensor, generator: Generator) -> Tensor:
    """A view of ``clips``, checked."""
    result = student.call(name, clips, generator)
    demand(isinstance(result, Tensor), "representation.not_a_tensor", (name, type(result).__name__))
    assert isinstance(result, Tensor)
    seen = (name, result.dtype, tuple(result.shape))
    demand(result.shape == clips.shape, "representation.shape", seen)
    demand(result.dtype == clips.dtype, "representation.dtype", seen)
    demand(bool(result.isfinite().all()), "representation.not_finite", seen)
    return result.detach().clone()


@essential
def test_views_are_clips(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Views are finite and have the shape and dtype of their clips."""
    generator = Generator().manual_seed(11)
    student.seed(11)
    for name, kind in FUNCTIONS.items():
        clips = reference[kind]
        for batch in (clips, torch.cat([clips] * 3), clips[1:], clips[:1]):
            view(student, name, batch.clone(), generator)


@essential
def test_inputs_are_kept(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The clips that a view is made of are not changed."""
    generator = Generator().manual_seed(12)
    student.seed(12)
    for name, kind in FUNCTIONS.items():
        for _ in range(4):
            view(student, name, reference[kind].clone(), generator)
            demand("0" not in student.mutated, "representation.in_place", name)


@essential
def test_two_views_differ(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The two views of a clip are not the same."""
    generator = Generator().manual_seed(13)
    student.seed(13)
    first = {
        n: view(student, n, reference[kind].clone(), generator) for n, kind in FUNCTIONS.items()
    }
    for _ in range(DRAWS):
        for name, kind in FUNCTIONS.items():
            again = view(student, name, reference[kind].clone(), generator)
            if not torch.equal(again, first[name]):
                return
    unchanged = all(torch.equal(first[name], reference[kind]) for name, kind in FUNCTIONS.items())
    demand(False, "representation.unchanged" if unchanged else "representation.same_views")
