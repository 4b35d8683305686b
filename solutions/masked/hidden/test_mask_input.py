"""Hidden suite of the part ``mask_input``.

Values come from an independent float64 oracle, one cell at a time
(reference/oracle_mask_input.py). A cell is kept or replaced, so nothing rounds by more than
1e-6, also where it is multiplied by 0 and 1; mistakes are off by 0.1 and more.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from autograder.lab.testing.failures import Crashed, Failure, Wrong
from autograder.lab.testing.student import Student, blame
from autograder.lab.testing.suite import close, demand, essential, nearest_mistake, presumes, weigh


def given(reference: Mapping[str, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """Log-mels, mask and vector."""
    return reference["mel"].float(), reference["mask"].bool(), reference["vector"].float()


def checked(result: object, mel: Tensor) -> Tensor:
    """``result``, if it is log-mels of the shape of ``mel``."""
    demand(isinstance(result, Tensor), "mask_input.not_a_tensor", type(result).__name__)
    assert isinstance(result, Tensor)
    demand(result.is_floating_point(), "mask_input.not_a_tensor", result.dtype)
    demand(result.shape == mel.shape, "mask_input.shape", tuple(result.shape))
    return result


@weigh(3)
@essential
def test_value(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Both frames of every masked token hold the vector; the rest is unchanged."""
    mel, mask, vector = given(reference)
    out = checked(student.mask_input(mel.clone(), mask, vector), mel)
    if not close(out, reference["hidden"]):
        known = {n: v for n, v in reference.items() if n.startswith("mistake.")}
        near = nearest_mistake(out, known, "value")
        name = near.split(".")[1] if near in known else near
        demand(False, f"mask_input.{name}")


@presumes(test_value)
def test_any_mask(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Any batch, any even number of frames, and masks of nothing and of everything are fine."""
    mel, mask, vector = given(reference)
    whole = vector[:, None].expand_as(mel)
    out = checked(student.mask_input(mel.clone(), mask, torch.zeros(40)), mel)
    hidden = mask.repeat_interleave(2, dim=1)[:, None].expand_as(mel)
    demand(close(out, mel.where(~hidden, 0)), "mask_input.zero_vector")
    for masked, right in ((mask & False, mel), (mask | True, whole)):
        out = checked(student.mask_input(mel.clone(), masked, vector), mel)
        demand(close(out, right), "mask_input.any_size")
    for clips, tokens in ((1, 7), (2, 1), (3, 4)):
        part, some = mel[:clips, :, : 2 * tokens].contiguous(), mask[:clips, :tokens].contiguous()
        try:
            out = checked(student.mask_input(part.clone(), some, vector), part)
        except Crashed as error:
            raise Wrong("mask_input.any_size", f"{clips}, {tokens}: {error.detail}") from error
        right = reference["hidden"][:clips, :, : 2 * tokens]
        demand(close(out, right), "mask_input.any_size", (clips, tokens))


@weigh(2)
@presumes(test_value)
def test_gradients(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The vector gets a gradient from masked frames, the log-mel from visible ones alone."""
    mel, mask, vector = given(reference)
    mel.requires_grad_(True)
    vector.requires_grad_(True)
    try:
        out = checked(student.mask_input(mel, mask, vector), mel)
    except Crashed as error:
        raise Wrong("mask_input.no_gradient", error.detail) from error
    demand(out.requires_grad, "mask_input.no_gradient")
    cotangent = torch.linspace(-1, 2, mel.numel()).view_as(mel)
    try:
        grads = torch.autograd.grad(out, (mel, vector), cotangent, allow_unused=True)
    except Failure:
        raise
    except RuntimeError as error:
        raise blame(error) from error
    hidden = mask.repeat_interleave(2, dim=1)[:, None].expand_as(mel)
    of_mel, of_vector = grads
    demand(of_vector is not None, "mask_input.vector_gradient")
    right = cotangent.where(hidden, 0).sum((0, 2))
    demand(close(of_vector, right, 1e-4, 1e-4), "mask_input.vector_gradient", of_vector)
    demand(of_mel is not None, "mask_input.mel_gradient")
    demand(close(of_mel, cotangent.where(~hidden, 0)), "mask_input.mel_gradient")


@presumes(test_value)
def test_dtype(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The result has the dtype of the log-mel and the vector, float32 or float64."""
    mel, mask, vector = given(reference)
    for dtype in (torch.float32, torch.float64):
        try:
            out = checked(student.mask_input(mel.to(dtype), mask, vector.to(dtype)), mel)
        except Crashed as error:
            raise Wrong("mask_input.dtype", error.detail) from error
        demand(out.dtype == dtype, "mask_input.dtype", (dtype, out.dtype))


def test_inputs_are_kept(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Log-mel, mask and vector are not modified."""
    student.mask_input(*given(reference))
    demand(not student.mutated, "mask_input.modifies_input", student.mutated)
