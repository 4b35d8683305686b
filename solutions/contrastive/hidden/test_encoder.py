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

from autograder.lab.testing.effects import follows, moving
from autograder.lab.testing.failures import Crashed, Missing, Wrong
from autograder.lab.testing.randomness import Rules, real, twin
from autograder.lab.testing.student import Module, Student
from autograder.lab.testing.suite import close, demand, essential, presumes, weigh

rules = Rules("encoder")
LIMIT = 2_000_000
CLIPS = 4
USUAL_FRAMES = (48, 64, 100)
"""Lengths of ordinary clips. An encoder that takes only one length takes one of these."""
LONG = 300
LENGTHS = (*range(16, 24), 31, 45, 64, 65, 100, 127, LONG, 2048)
"""Every remainder that strides may leave, and the longest clip that is asked."""


def build(student: Student, name: str, *args: int, **kwargs: int) -> Module:
    """A module of the student's, from a fixed seed."""
    student.seed(7)
    try:
        module = student.call(name, *args, **kwargs)
    except Crashed as error:
        if name == "Encoder" and error.kind == "TypeError" and "argument" in error.detail:
            raise Wrong("encoder.constructor", error.detail) from error
        raise
    demand(isinstance(module, Module), "encoder.not_a_module", type(module).__name__)
    assert isinstance(module, Module)
    return module


def checked(z: object, mel: Tensor) -> Tensor:
    """What an encoder made of ``mel``: embeddings [batch, any] in float64, finite."""
    demand(isinstance(z, Tensor), "encoder.not_a_tensor", type(z).__name__)
    assert isinstance(z, Tensor)
    plain = real(z)
    demand(plain is not None, "encoder.not_a_tensor", (z.dtype, z.layout, z.device))
    assert plain is not None
    seen = (tuple(mel.shape), tuple(plain.shape))
    demand(plain.ndim == 2 and len(plain) == len(mel) and plain.shape[1] > 0, "encoder.shape", seen)
    demand(bool(plain.isfinite().all()), "encoder.not_finite", tuple(mel.shape))
    return plain.double()


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
        grads = encoder.gradients(mel, cotangent)
        return {name: dense(grad) for name, grad in grads.items()}
    except Crashed as error:
        if "does not require grad" in error.detail:
            raise Wrong("encoder.no_gradient", error.detail) from error
        raise


def dense(grad: object) -> Tensor | None:
    """A gradient with all its zeros; None if it is none."""
    if not isinstance(grad, Tensor) or grad.is_meta:
        return None
    return grad if grad.layout == torch.strided else grad.to_dense()


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


def dim_of(encoder: Module) -> int | None:
    """The length that an encoder says its embeddings have."""
    try:
        return index(encoder.dim)
    except (Missing, TypeError, ValueError, RuntimeError):
        return None


def tells_apart(z: Tensor) -> bool:
    """Whether the embeddings of different clips differ.

    Where nothing of the clip is left, rounding still leaves some 1e-7; six squashing layers
    in a row leave 2e-5 of the value, anything usual a hundred times more.
    """
    return float((z - z[:1]).abs().max()) > 1e-6 + 1e-5 * float(z.abs().max())


@essential
def test_embedding(student: Student, reference: Mapping[str, Tensor]) -> None:
    """An encoder turns spectrograms into one vector per clip, of length `dim`, known from birth."""
    before = dim_of(build(student, "Encoder"))
    encoder, _, z = prepared(student, reference)
    after = dim_of(encoder)
    demand(after == z.shape[1], "encoder.dim", (after, tuple(z.shape)))
    demand(before == after, "encoder.dim_late", (before, after))


@essential
def test_learns(student: Student, reference: Mapping[str, Tensor]) -> None:
    """An encoder has parameters to learn, and learning reaches them."""
    encoder, speech, z = prepared(student, reference)
    demand(size(encoder) > 0, "encoder.no_parameters")
    grads = gradients(encoder, speech, torch.randn(z.shape, generator=twin(2)))
    reached = [grad for grad in grads.values() if grad is not None]
    demand(bool(reached), "encoder.no_gradient")
    hint = "encoder.zero_gradient" if tells_apart(z) else "encoder.constant"
    demand(any(bool(grad.any()) for grad in reached), hint)
    demand(follows(student, encoder, speech, seed=2), "encoder.no_gradient", "no step is felt")


@weigh(2)
def test_every_parameter(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Every parameter takes part in short and long clips: it gets a gradient that is not zero."""
    encoder, speech, z = prepared(student, reference)
    idle, still = unmoved(encoder, speech, z, seed=3)
    demand(not idle, "encoder.dead_parameter", sorted(idle))
    if still:
        still &= unmoved(encoder.eval(), speech, z, seed=4)[1]
        encoder.train()
    # A factor that starts at zero and learns keeps what it multiplies still at first.
    state = encoder.state_dict()
    begins = [n for n, v in state.items() if isinstance(v, Tensor) and not v.any()]
    weights = {name for name in begins if not name.endswith("bias")} - still
    moving = weights & set(gradients(encoder, speech, torch.ones(z.shape)))
    hint = "encoder.zero_gradient" if tells_apart(z) else "encoder.constant"
    demand(not still or bool(moving), hint, sorted(still))
    try:
        idle, _ = unmoved(encoder, long_clips(reference, 2, LONG), z[:2], seed=5)
    except Crashed:
        return  # test_any_length asks for long clips
    demand(not idle, "encoder.sometimes_used", sorted(idle))


def unmoved(encoder: Module, mel: Tensor, like: Tensor, seed: int) -> tuple[set[str], set[str]]:
    """Parameters without a gradient, and those whose gradient is zero.

    The embedding, of the shape of ``like``, is pulled 24 times in random directions, on noisy
    clips, as long as there are any. A layer that is skipped at random half of the time stays
    without one 24 times in 6e-8 of cases. What a normalisation cancels leaves rounding.
    """
    generator = twin(seed)
    idle: set[str] | None = None
    still: set[str] = set()
    for _ in range(24):
        noisy = mel + 0.5 * torch.randn(mel.shape, generator=generator)
        grads = gradients(encoder, noisy, torch.randn(like.shape, generator=generator))
        none = {name for name, grad in grads.items() if grad is None}
        zero = none | {name for name, grad in grads.items() if grad is not None and not grad.any()}
        idle, still = (none, zero) if idle is None else (idle & none, still & zero)
        if not still:
            break
    return idle or set(), still - (idle or set())


def long_clips(reference: Mapping[str, Tensor], clips: int, frames: int) -> Tensor:
    """Speech of any length, said again and again."""
    speech = reference["speech"][:clips]
    return speech.repeat(1, 1, -(-frames // speech.shape[2]))[:, :, :frames].contiguous()


def test_size(student: Student, reference: Mapping[str, Tensor]) -> None:
    """The encoder has at most 2 million parameters."""
    encoder, _, _ = prepared(student, reference)
    demand(size(encoder) <= LIMIT, "encoder.too_large", size(encoder))


def test_any_length(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Clips of any length from 16 frames on are encoded, in train and in eval mode."""
    encoder, _, usual = prepared(student, reference)
    failing = []
    for frames in LENGTHS:
        encoder.train() if frames < 20 else encoder.eval()
        mel = long_clips(reference, 2 if frames <= LONG else 1, frames)
        try:
            if frames > LONG:
                encoder(mel)  # what becomes of a batch of one is asked for in its own test
                continue
            z = embed(encoder, mel)
            demand(z.shape[1] == usual.shape[1], "encoder.shape", (frames, tuple(z.shape)))
        except Crashed as error:
            failing.append((frames, error.kind, error.detail))
    lengths = [frames for frames, *_ in failing]
    hint = "encoder.fixed_frames"
    if lengths == [frames for frames in LENGTHS if frames < 48][: len(lengths)]:
        hint = "encoder.short_clips"
    elif lengths == [frames for frames in LENGTHS if frames > 100][-len(lengths) :]:
        hint = "encoder.long_clips"
    demand(not failing, hint, failing)


@rules.follows()
def test_eval_repeats(student: Student, reference: Mapping[str, Tensor]) -> None:
    """In eval mode the same clips always give the same embeddings, short and long ones."""
    encoder, speech, _ = prepared(student, reference)
    encoder.eval()
    for mel in (speech[:2], long_clips(reference, 2, 20), long_clips(reference, 2, LONG)):
        try:
            first = embed(encoder, mel)
        except Crashed:
            continue  # test_any_length asks for short and long clips
        embed(encoder, 2.0 * speech.flip(0) + 1.0)
        # Of two ways that are taken at random both are seen in 21 calls but for 1e-6.
        for _ in range(20):
            moved = distance(first, embed(encoder, mel))
            # The same sums in the same order: rounding does not enter, noise worth having does.
            demand(moved < 1e-5, "encoder.random_in_eval", (mel.shape[2], moved))


@weigh(2)
@rules.follows()
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


@rules.follows()
def test_eval_one_clip(student: Student, reference: Mapping[str, Tensor]) -> None:
    """In eval mode a batch of one clip gives [1, dim], the same as among other clips."""
    encoder, speech, _ = prepared(student, reference)
    encoder.eval()
    together = embed(encoder, speech)
    try:
        z = encoder(speech[-1:])
    except Crashed as error:
        raise Wrong("encoder.batch_of_one", error.detail) from error
    plain = real(z)
    demand(plain is not None and plain.shape == together[-1:].shape, "encoder.batch_of_one")
    assert plain is not None
    moved = distance(plain.double(), together[-1:])
    demand(moved < slack(together), "encoder.batch_of_one", (moved, slack(together)))


@essential
def test_tells_clips_apart(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Different speech gives different embeddings."""
    encoder, speech, _ = prepared(student, reference)
    z = embed(encoder.eval(), speech)
    demand(tells_apart(z), "encoder.constant", z[:, :4])


@presumes(test_tells_clips_apart)
def test_hears_the_end(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Clips that differ in their last frames alone get different embeddings."""
    encoder, _, _ = prepared(student, reference)
    encoder.eval()
    mel = long_clips(reference, 2, LONG)
    other = mel.clone()
    other[:, :, -60:] = 3.0 * mel[:, :, -60:].flip(2) + 2.0
    try:
        pair = torch.stack([embed(encoder, mel), embed(encoder, other)])
    except Crashed:
        return  # test_any_length asks for long clips
    heard = all(tells_apart(pair[:, clip]) for clip in range(2))
    demand(heard, "encoder.end_unheard")


IN_DIM, ROWS = 160, 48
UNDEFINED = ("NameError", "UnboundLocalError", "ImportError", "ModuleNotFoundError")
"""What is raised whatever the shape is."""


def rows(seed: int, scale: float) -> Tensor:
    """Random inputs of a head."""
    return scale * torch.randn(ROWS, IN_DIM, generator=twin(seed))


def project(head: Module, x: Tensor, out_dim: int) -> Tensor:
    """Projections [batch, out_dim] of ``x`` in float64."""
    z = head(x)
    demand(isinstance(z, Tensor), "encoder.head_shape", type(z).__name__)
    plain = real(z)
    demand(plain is not None, "encoder.head_shape", getattr(z, "dtype", None))
    assert plain is not None
    demand(plain.shape == (len(x), out_dim), "encoder.head_shape", (out_dim, tuple(plain.shape)))
    return plain.double()


def test_head_shape(student: Student) -> None:
    """A projection head maps [batch, in_dim] to [batch, out_dim], which is 64 if not given."""
    for kwargs, out_dim in (({}, 64), ({"out_dim": 10}, 10)):
        try:
            head = build(student, "ProjectionHead", IN_DIM, **kwargs).train()
            project(head, rows(1, 1.0), out_dim)
        except Crashed as error:
            if error.kind in UNDEFINED:
                raise
            raise Wrong("encoder.head_shape", f"{kwargs}: {error.detail}") from error


def test_head_hidden_layer(student: Student) -> None:
    """The projection head has a hidden layer with a non-linearity."""
    out_dim = 80
    head = build(student, "ProjectionHead", IN_DIM, out_dim).train()
    project(head, rows(1, 1.0), out_dim)
    state = head.state_dict()
    weights = [n for n, v in state.items() if isinstance(v, Tensor) and v.ndim >= 2]
    demand(len(weights) >= 2, "encoder.head_no_hidden_layer", len(weights))
    felt = moving(student, head.eval(), weights, rows(1, 1.0))
    demand(len(felt) >= 2, "encoder.head_no_hidden_layer", felt)
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
    end = activation_at_the_end(student)
    demand(end is not True, "encoder.head_activation", "its slope follows its value")
    if end is not None:
        return
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


def activation_at_the_end(student: Student) -> bool | None:
    """Whether every output is a curved function of one sum; None if that cannot be seen.

    A parameter of the last layer moves one output each. By how much, its slope, is the same
    for every input where nothing follows that layer. Behind an activation it is another for
    every input, and a function of the output itself, which a gate's is not. What normalises
    over the outputs lets no parameter move one output alone.
    """
    out_dim = 83
    head = build(student, "ProjectionHead", IN_DIM, out_dim).eval()
    x = rows(5, 5.0)[:4]
    pulls = 1 + torch.rand(2, out_dim, generator=twin(6))
    outputs = project(head, x, out_dim)
    values = head.state_dict()
    try:
        first = [head.gradients(row[None], pulls[:1]) for row in x]
        other = head.gradients(x[:1], pulls[1:])
    except Crashed:
        return None  # test_learns asks for gradients, of encoders
    curved = None
    for name in first[0]:
        slopes = [slope(grads.get(name), pulls[0], out_dim) for grads in first]
        again = slope(other.get(name), pulls[1], out_dim)
        if again is None or any(s is None or not s.any() for s in slopes):
            continue
        every = torch.stack([s for s in slopes if s is not None])
        value = values.get(name)
        factor = isinstance(value, Tensor) and value.numel() == out_dim
        if factor and close(every * value.flatten(), outputs, 1e-3, 1e-5):
            continue  # a factor of the outputs, which says nothing of what it multiplies
        if float((every[0] - again).abs().max() / every[0].abs().max()) > 0.02:
            continue
        every = every / every.abs().amax(dim=1, keepdim=True)
        if float((every - every[0] * (every[:, :1] / every[0, 0]).sign()).abs().max()) < 0.05:
            return False
        steps = every.abs().flatten()[outputs.flatten().argsort()].diff().abs().mean()
        curved = curved or bool(steps < 0.3 * every.abs().std())
    return curved or None


def slope(grad: Tensor | None, pull: Tensor, out_dim: int) -> Tensor | None:
    """By how much a parameter moves each output [out_dim], up to one factor; None if it is not
    one with a value or a row of values for each output."""
    if real(grad) is None or not grad.isfinite().all():  # type: ignore[union-attr]
        return None
    assert grad is not None
    grad = grad.squeeze()
    if grad.ndim == 2 and out_dim in grad.shape:
        table = grad if grad.shape[0] == out_dim else grad.T
        largest = table[table.norm(dim=1).argmax()]
        largest = largest / largest.norm().clamp_min(1e-30)
        grad = table @ largest
        if float((table - grad[:, None] * largest).abs().max()) > 0.02 * float(table.abs().max()):
            return None  # not the inputs of the layer, once for each output
    return grad / pull if grad.shape == (out_dim,) else None
