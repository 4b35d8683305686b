"""Hidden suite of the part ``encoder``.

Nothing here depends on how an encoder is built: it is asked for shapes, gradients and
embeddings. Weights are random, so every verdict is made where the right and the wrong are
orders of magnitude apart; the tests say what they rely on.
"""

from __future__ import annotations

from collections.abc import Mapping

from operator import index

import torch
from torch import Tensor

from autograder.lab.testing.failures import Crashed, Missing, Wrong
from autograder.lab.testing.student import Module, Student
from autograder.lab.testing.suite import demand, essential, weigh

LIMIT = 2_000_000
CLIPS = 4
USUAL_FRAMES = (48, 64, 100)
"""Lengths of ordinary clips. An encoder that takes only one length takes one of these."""


def build(student: Student, name: str, *args: int, **kwargs: int) -> Module:
    """A module of the student's, from a fixed seed."""
    student.seed(7)
    module = student.call(name, *args, **kwargs)
    demand(isinstance(module, Module), "encoder.not_a_module", type(module).__name__)
    assert isinstance(module, Module)
    return module


def checked(z: object, mel: Tensor) -> Tensor:
    """What an encoder made of ``mel``: embeddings [batch, any] in float64, finite."""
    demand(isinstance(z, Tensor), "encoder.not_a_tensor", type(z).__name__)
    assert isinstance(z, Tensor)
    demand(z.is_floating_point(), "encoder.not_a_tensor", z.dtype)
    demand(z.ndim == 2 and len(z) == len(mel), "encoder.shape", (tuple(mel.shape), tuple(z.shape)))
    z = z.detach().double()
    demand(bool(z.isfinite().all()), "encoder.not_finite", tuple(mel.shape))
    return z


def embed(encoder: Module, mel: Tensor) -> Tensor:
    """Embeddings of ``mel``, checked."""
    return checked(encoder(mel), mel)


def prepared(student: Student, reference: Mapping[str, Tensor]) -> tuple[Module, Tensor, Tensor]:
    """An encoder that has seen one batch in train mode, that batch, and its embeddings.

    After it lazy layers have their shapes and running statistics have begun.
    """
    encoder = build(student, "Encoder").train()
    for frames in USUAL_FRAMES:
        speech = reference["speech"][:CLIPS, :, :frames].contiguous()
        try:
            z = encoder(speech)
        except Crashed as error:
            crash = error
        else:
            return encoder, speech, checked(z, speech)
    raise crash


def size(encoder: Module) -> int:
    """Number of parameters; a layer that never got its shape is a layer that was never used."""
    try:
        return encoder.parameter_count()
    except (Crashed, ValueError, RuntimeError) as error:
        raise Wrong("encoder.dead_parameter", str(error)) from error


def gradients(encoder: Module, mel: Tensor, cotangent: Tensor) -> dict[str, Tensor | None]:
    """Gradients of every parameter; an output that has none is told so."""
    try:
        return encoder.gradients(mel, cotangent)
    except Crashed as error:
        if "does not require grad" in error.detail:
            raise Wrong("encoder.no_gradient", error.detail) from error
        raise


def distance(a: Tensor, b: Tensor) -> float:
    """Largest difference of two batches of embeddings, in units of the largest value."""
    demand(a.shape == b.shape, "encoder.shape", (tuple(a.shape), tuple(b.shape)))
    return float((a - b).abs().max() / torch.maximum(a.abs().max(), b.abs().max()).clamp_min(1e-12))


def slack(z: Tensor) -> float:
    """How far clips of ``z`` may move, as :func:`distance` tells, by rounding alone.

    Another batch size may take another way to compute: 1e-5 of a value in float32, 1 % where
    an encoder works in bfloat16. Batch statistics move an embedding by about as much as
    clips differ.
    """
    spread = float((z - z.mean(0)).abs().max() / z.abs().max().clamp_min(1e-12))
    return 1e-4 + 0.05 * spread


@essential
def test_embedding(student: Student, reference: Mapping[str, Tensor]) -> None:
    """An encoder turns a batch of spectrograms into one vector of length `dim` per clip."""
    encoder, _, z = prepared(student, reference)
    try:
        dim = index(encoder.dim)
    except (Missing, TypeError, ValueError, RuntimeError):
        dim = None
    demand(dim == z.shape[1], "encoder.dim", (dim, tuple(z.shape)))


@essential
def test_learns(student: Student, reference: Mapping[str, Tensor]) -> None:
    """An encoder has parameters to learn, and learning reaches them."""
    encoder, speech, z = prepared(student, reference)
    demand(size(encoder) > 0, "encoder.no_parameters")
    grads = gradients(encoder, speech, torch.ones(z.shape))
    demand(any(g is not None for g in grads.values()), "encoder.no_gradient")


@weigh(2)
def test_every_parameter(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Every parameter takes part: it gets a gradient, whichever way the embedding is pulled."""
    encoder, speech, z = prepared(student, reference)
    generator = torch.Generator().manual_seed(3)
    idle: set[str] | None = None
    # A layer that is skipped at random half of the time stays idle 24 times in 6e-8 of cases.
    for _ in range(24):
        noisy = speech + 0.5 * torch.randn(speech.shape, generator=generator)
        grads = gradients(encoder, noisy, torch.randn(z.shape, generator=generator))
        without = {name for name, grad in grads.items() if grad is None}
        idle = without if idle is None else idle & without
        if not idle:
            return
    demand(False, "encoder.dead_parameter", sorted(idle or ()))


def test_size(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The encoder has at most 2 million parameters."""
    encoder, _, _ = prepared(student, reference)
    demand(size(encoder) <= LIMIT, "encoder.too_large", size(encoder))


def test_any_length(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Clips of any length from 16 frames on are encoded, in train and in eval mode."""
    encoder, _, usual = prepared(student, reference)
    speech, failing = reference["speech"].repeat(1, 1, 3), []
    for frames in (16, 17, 31, 64, 65, 100, 300):
        encoder.train() if frames < 20 else encoder.eval()
        try:
            z = embed(encoder, speech[:2, :, :frames].contiguous())
            demand(z.shape[1] == usual.shape[1], "encoder.shape", (frames, tuple(z.shape)))
        except Crashed as error:
            failing.append((frames, error.kind, error.detail))
    short = bool(failing) and max(frames for frames, *_ in failing) < 48
    demand(not failing, "encoder.short_clips" if short else "encoder.fixed_frames", failing)


def test_eval_repeats(student: Student, reference: Mapping[str, Tensor]) -> None:
    """In eval mode the same clips always give the same embeddings."""
    encoder, speech, _ = prepared(student, reference)
    encoder.eval()
    first = embed(encoder, speech)
    embed(encoder, 2.0 * speech.flip(0) + 1.0)
    again = embed(encoder, speech)
    # The same sums in the same order: rounding does not enter, noise worth having does.
    demand(distance(first, again) < 1e-5, "encoder.random_in_eval", distance(first, again))


@weigh(2)
def test_eval_alone(student: Student, reference: Mapping[str, Tensor]) -> None:
    """In eval mode a clip's embedding does not depend on the clips beside it."""
    encoder, speech, _ = prepared(student, reference)
    encoder.eval()
    usual, loud = embed(encoder, speech), 3.0 * speech.flip(2) + 2.0
    moved = max(
        distance(usual[:2], embed(encoder, torch.cat([speech[:2], loud[2:]]))[:2]),
        distance(usual[2:], embed(encoder, torch.cat([loud[:2], speech[2:]]))[2:]),
        distance(usual[2:], embed(encoder, speech[2:])),
    )
    demand(moved < slack(usual), "encoder.batch_mates", (moved, slack(usual)))


def test_eval_one_clip(student: Student, reference: Mapping[str, Tensor]) -> None:
    """In eval mode a batch of one clip gives [1, dim], the same as among other clips."""
    encoder, speech, _ = prepared(student, reference)
    encoder.eval()
    together = embed(encoder, speech)
    try:
        z = encoder(speech[-1:])
    except Crashed as error:
        raise Wrong("encoder.batch_of_one", error.detail) from error
    demand(isinstance(z, Tensor) and z.shape == together[-1:].shape, "encoder.batch_of_one")
    moved = distance(z.detach().double(), together[-1:])
    demand(moved < slack(together), "encoder.batch_of_one", (moved, slack(together)))


@essential
def test_tells_clips_apart(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Different speech gives different embeddings."""
    encoder, speech, _ = prepared(student, reference)
    z = embed(encoder.eval(), speech)
    # Where nothing of the clip is left, rounding still leaves some 1e-7; six squashing layers
    # in a row leave 2e-5 of the value, anything usual a hundred times more.
    spread = float((z - z[:1]).abs().max())
    demand(spread > 1e-6 + 1e-5 * float(z.abs().max()), "encoder.constant", spread)


IN_DIM, ROWS = 160, 48


def rows(seed: int, scale: float) -> Tensor:
    """Random inputs of a head."""
    return scale * torch.randn(ROWS, IN_DIM, generator=torch.Generator().manual_seed(seed))


def project(head: Module, x: Tensor, out_dim: int) -> Tensor:
    """Projections [batch, out_dim] of ``x`` in float64."""
    z = head(x)
    demand(isinstance(z, Tensor), "encoder.head_shape", type(z).__name__)
    assert isinstance(z, Tensor)
    demand(z.shape == (len(x), out_dim), "encoder.head_shape", (out_dim, tuple(z.shape)))
    return z.detach().double()


def test_head_shape(student: Student) -> None:
    """A projection head maps [batch, in_dim] to [batch, out_dim], which is 64 if not given."""
    for args, kwargs, out_dim in (((IN_DIM,), {}, 64), ((IN_DIM,), {"out_dim": 10}, 10)):
        try:
            head = build(student, "ProjectionHead", *args, **kwargs).train()
            project(head, rows(1, 1.0), out_dim)
        except Crashed as error:
            raise Wrong("encoder.head_shape", f"{kwargs}: {error.detail}") from error


def test_head_hidden_layer(student: Student) -> None:
    """The projection head has a hidden layer with a non-linearity."""
    out_dim = 80
    head = build(student, "ProjectionHead", IN_DIM, out_dim).train()
    project(head, rows(1, 1.0), out_dim)
    weights = [v for v in head.state_dict().values() if isinstance(v, Tensor) and v.ndim >= 2]
    demand(len(weights) >= 2, "encoder.head_no_hidden_layer", len(weights))
    # A linear map keeps a + b - c in the span of the images of a, b and c, even where a
    # normalisation scales every row at the end: up to 1e-6, where activations make 5e-3 or more.
    head = build(student, "ProjectionHead", IN_DIM, out_dim).eval()
    a, b, c = (rows(seed, 5.0) for seed in (2, 3, 4))
    *images, image = project(head, torch.cat([a, b, c, a + b - c]), out_dim).split(ROWS)
    span, _ = torch.linalg.qr(torch.stack(images, dim=2).nan_to_num())
    outside = image - (span @ (span.mT @ image[:, :, None]))[:, :, 0]
    bend = float((outside.norm(dim=1) / image.norm(dim=1).clamp_min(1e-12)).max())
    demand(not bend < 1e-4, "encoder.head_linear", bend)


def test_head_ends_linear(student: Student) -> None:
    """The projection head does not end in an activation."""
    out_dim, above, below = 256, 0.0, 0.0
    for seed in range(4):
        student.seed(seed)
        head = student.ProjectionHead(IN_DIM, out_dim)
        demand(isinstance(head, Module), "encoder.not_a_module", type(head).__name__)
        # A squashing activation sends every large input to the same magnitude.
        z = project(head.eval(), rows(seed, 1e5), out_dim).abs()
        saturated = float((z > 0.99 * z.max()).double().mean())
        demand(saturated < 0.9, "encoder.head_activation", f"{saturated:.2f} saturated")
        z = project(head.train(), rows(seed, 1e2), out_dim)
        z = z[z.isfinite()]
        above, below = above + float(z.clamp_min(0).sum()), below - float(z.clamp_max(0).sum())
    # Without an activation each of 1024 output units is as often of one sign as of the other,
    # whatever comes before: the share of a sign has a standard deviation below 0.02, and a ratio
    # of 0.4 is over ten of them away. Rectifiers leave a quarter of one sign at most.
    demand(min(above, below) >= 0.4 * max(above, below), "encoder.head_activation", (above, below))
