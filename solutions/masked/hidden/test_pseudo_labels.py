"""Hidden suite of the part ``pseudo_labels``.

Values come from an independent float64 oracle in plain loops (reference/oracle_pseudo_labels.py);
no frame is within 0.02 of being nearest to another centroid, so rounding decides nothing.

``kmeans`` draws where it begins. The suite does not guess how: of eight frames it knows what
becomes of each of the 56 triples of them, and asks only that the result is one of these. After
one step, and after two, more than a fifth are where none is a step earlier or later.

False alarms. Of 40 rows 20 are drawn, 40 times: a row that is as likely as any other is never
among them with a chance of 40 * 2^-40 = 4e-11. Of 40 rows 2 are drawn, 10 times: a given row is
among them 8 times or more with a chance of 2e-9, and neighbours are drawn together as often in
every call with less. Two rows of 6 are drawn 300 times: one of the 15 pairs is missing with a
chance of 15 (14/15)^300 = 2e-8. Of 50 rows none is in one half of 4,000 with less than 1e-14.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations, permutations

import torch
from torch import Tensor

from autograder.lab.testing.failures import Crashed, Wrong
from autograder.lab.testing.randomness import twin
from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import close, demand, differ, presumes, weigh

TOLERANCE = 1e-4
"""A float32 mean of numbers around 1 is off by 1e-6; the nearest mistake is 2e-2 away."""
DRAWS = 30
"""Of 56 starts more than a fifth end where none does a step earlier or later, which 30 draws miss
with a chance of 1e-3; and fewer than half are at rest after one step, 30 times with 1e-9."""


def indices(result: object, frames: Tensor) -> Tensor:
    """``result``, if it is one whole number for every frame."""
    demand(isinstance(result, Tensor), "pseudo_labels.not_a_tensor", type(result).__name__)
    assert isinstance(result, Tensor)
    whole = not (result.is_floating_point() or result.is_complex() or result.dtype == torch.bool)
    demand(whole, "pseudo_labels.not_an_index", result.dtype)
    seen = tuple(result.shape)
    demand(result.shape == (len(frames),), "pseudo_labels.index_shape", seen)
    demand(result.dtype == torch.long, "pseudo_labels.not_an_index", result.dtype)
    return result.detach()


def rows(result: object, shape: tuple[int, int]) -> Tensor:
    """``result`` in float64, if it is centroids of ``shape``."""
    demand(isinstance(result, Tensor), "pseudo_labels.not_a_tensor", type(result).__name__)
    assert isinstance(result, Tensor)
    demand(result.is_floating_point(), "pseudo_labels.not_a_tensor", result.dtype)
    demand(result.shape == shape, "pseudo_labels.centroids_shape", tuple(result.shape))
    return result.detach().double()


def step(student: Student, frames: Tensor, centroids: Tensor) -> Tensor:
    """One step of the student's, float64 [k, dim]."""
    moved = student.kmeans_step(frames.float(), centroids.float())
    return rows(moved, (len(centroids), frames.shape[1]))


def cluster(student: Student, frames: Tensor, k: int, steps: int, seed: int) -> Tensor:
    """Centroids that the student finds, float64 [k, dim]."""
    found = rows(student.kmeans(frames.float(), k, steps, twin(seed)), (k, frames.shape[1]))
    demand(bool(found.isfinite().all()), "pseudo_labels.not_finite", (k, steps))
    return found


def drawn(found: Tensor, frames: Tensor) -> list[int]:
    """Which rows of ``frames`` the rows of ``found`` are, all different."""
    distance = (found[:, None] - frames.double()).abs().amax(2)
    demand(bool((distance.amin(1) < TOLERANCE).all()), "pseudo_labels.start_no_frames")
    which: list[int] = distance.argmin(1).tolist()
    demand(len(set(which)) == len(which), "pseudo_labels.start_repeats", which)
    return which


@weigh(2)
def test_nearest(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Every frame gets the index of the centroid that is nearest by Euclidean distance."""
    frames, centroids = reference["frames"].float(), reference["centroids"].float()
    label = indices(student.nearest(frames, centroids), frames)
    if not torch.equal(label, reference["label"].long()):
        mistakes = ("farthest", "dot_product", "cosine", "city_block", "largest_difference")
        made = [m for m in mistakes if torch.equal(label, reference[f"label.{m}"].long())]
        demand(False, f"pseudo_labels.{made[0] if made else 'nearest'}", label.tolist())


@presumes(test_nearest)
def test_nearest_of_any_size(student: Student, reference: Mapping[str, Tensor]) -> None:
    """One frame, one centroid, and more centroids than frames are fine."""
    frames, centroids = reference["frames"], reference["centroids"]
    for n, k in ((1, 6), (48, 1), (3, 6)):
        some, label = frames[:n].float(), reference["label"][:n].long()
        try:
            found = student.nearest(some, centroids[:k].float())
        except Crashed as error:
            raise Wrong("pseudo_labels.any_size", f"{n}, {k}: {error.detail}") from error
        shape = tuple(found.shape) if isinstance(found, Tensor) else None
        demand(shape == (n,), "pseudo_labels.any_size", (n, k, shape))
        right = label if k == 6 else torch.zeros(n, dtype=torch.long)
        demand(torch.equal(found, right), "pseudo_labels.any_size", (n, k))
    # As many as a few clips have, and no round number.
    many, label = frames.float().repeat(53, 1), reference["label"].long().repeat(53)
    found = indices(student.nearest(many, centroids.float()), many)
    demand(torch.equal(found, label), "pseudo_labels.many_frames", int((found != label).sum()))


@weigh(2)
@presumes(test_nearest)
def test_step(student: Student, reference: Mapping[str, Tensor]) -> None:
    """A step moves every centroid to the mean of the frames that are nearest to it."""
    moved = step(student, reference["frames"], reference["centroids"])
    if close(moved, reference["step"], TOLERANCE, TOLERANCE):
        return
    finite = bool(moved.isfinite().all())
    mistakes = ("sum", "mean_of_all", "median", "with_itself", "half_way", "unmoved", "sorted")
    made = [m for m in mistakes if close(moved, reference[f"step.{m}"], TOLERANCE, TOLERANCE)]
    demand(False, f"pseudo_labels.{[*made, 'step' if finite else 'not_finite'][0]}", moved.tolist())


@weigh(2)
@presumes(test_nearest, test_step)
def test_empty_centroid(student: Student, reference: Mapping[str, Tensor]) -> None:
    """A centroid that is nearest to no frame stays where it is."""
    centroids, right = reference["empty.centroids"], reference["empty.step"]
    try:
        moved = step(student, reference["frames"], centroids)
    except Crashed as error:
        raise Wrong("pseudo_labels.empty", error.detail) from error
    empty = (centroids == right).all(1)
    rest = close(moved[~empty], right[~empty], TOLERANCE, TOLERANCE)
    stays = close(moved[empty], right[empty], TOLERANCE, TOLERANCE)
    demand(stays or not rest, "pseudo_labels.empty", moved[empty].tolist())
    demand(rest, "pseudo_labels.step", moved.tolist())


@weigh(2)
def test_start(student: Student, reference: Mapping[str, Tensor]) -> None:
    """k-means begins at different rows of the frames, each as likely as any other."""
    frames = reference["frames"][:40]
    seen = torch.zeros(40)
    neighbours, starts = [], set()
    for seed in range(40):
        which = drawn(cluster(student, frames, 20, 0, seed), frames)
        seen[which] += 1
        starts.add(frozenset(which))
        neighbours.append(sum(i + 1 in which for i in which))
    demand(len(starts) > 1, "pseudo_labels.start_fixed")
    # A stretch of neighbouring rows has 18 or 19; of rows drawn at random 9.5 on average, and 15
    # or more in one call of 2,000.
    demand(min(neighbours) < 15, "pseudo_labels.start_not_uniform", neighbours)
    demand(bool((seen > 0).all()), "pseudo_labels.start_not_uniform", seen.tolist())
    try:
        every = cluster(student, frames[:6], 6, 0, seed=3)
    except Crashed as error:
        raise Wrong("pseudo_labels.any_size", error.detail) from error
    demand(len(drawn(every, frames)) == 6, "pseudo_labels.start_repeats")
    outlier = torch.cat([0.01 * frames, torch.full((1, 3), 5.0, dtype=torch.float64)])[1:]
    often = sum(39 in drawn(cluster(student, outlier, 2, 0, seed), outlier) for seed in range(10))
    demand(often < 8, "pseudo_labels.start_not_uniform", f"outlier drawn {often} times of 10")
    pairs = {frozenset(drawn(cluster(student, frames[:6], 2, 0, s), frames)) for s in range(300)}
    demand(len(pairs) == 15, "pseudo_labels.start_not_uniform", sorted(map(sorted, pairs)))
    long = torch.arange(4000, dtype=torch.float64)[:, None] + torch.tensor([0.0, 0.25, 0.5])
    late = sum(row >= 2000 for row in drawn(cluster(student, long, 50, 0, 1), long))
    demand(0 < late < 50, "pseudo_labels.start_not_uniform", f"{late} of 50 in the second half")


@weigh(2)
@presumes(test_nearest, test_step, test_start)
def test_steps(student: Student, reference: Mapping[str, Tensor]) -> None:
    """From its start, k-means takes as many steps as it is told."""
    frames = reference["few"]

    def among(found: Tensor, outcomes: Tensor) -> bool:
        """Whether ``found`` [3, 2] is one of ``outcomes`` [starts, 3, 2], in any order."""
        orders = torch.cat([outcomes[:, order] for order in permutations(range(3))])
        return bool(((orders - found).abs().amax((1, 2)) < TOLERANCE).any())

    starts = torch.stack([frames[list(rows)] for rows in combinations(range(len(frames)), 3)])
    ways = [starts, reference["after.1"], reference["after.2"]]

    def all_after(found: list[Tensor], steps: int) -> bool:
        return all(among(f, ways[steps]) for f in found)

    once, twice = (
        [cluster(student, frames, 3, steps, seed) for seed in range(DRAWS)] for steps in (1, 2)
    )
    seen = [f.tolist() for f in (*once[:2], *twice[:2])]
    never = all_after(once, 0) and all_after(twice, 0)
    demand(not never, "pseudo_labels.no_steps", seen)
    demand(not all_after(once, 0), "pseudo_labels.too_few_steps", seen)
    at_rest = all(among(f, reference["at_rest"]) for f in once)
    more = at_rest or (all_after(once, 2) and not all_after(once, 1))
    demand(not more, "pseudo_labels.too_many_steps", seen)
    demand(all_after(once, 1), "pseudo_labels.lloyd", seen)
    fewer = all_after(twice, 1) and not all_after(twice, 2)
    demand(not fewer, "pseudo_labels.too_few_steps", seen)
    demand(all_after(twice, 2), "pseudo_labels.lloyd", seen)


@presumes(test_step, test_empty_centroid, test_start)
def test_repeated_frames(student: Student) -> None:
    """Frames that are all the same give centroids that are all the same."""
    frames = torch.tensor([[0.5, -1.25, 2.0]], dtype=torch.float64).repeat(9, 1)
    try:
        found = cluster(student, frames, 4, 3, seed=5)
    except Crashed as error:
        raise Wrong("pseudo_labels.repeated", error.detail) from error
    demand(close(found, frames[:4]), "pseudo_labels.repeated", found.tolist())


@presumes(test_start)
def test_generator(student: Student, reference: Mapping[str, Tensor]) -> None:
    """All randomness comes from the generator: its state decides, and every call moves it on."""
    frames = reference["frames"].float()

    def call(generator: torch.Generator) -> Tensor:
        return rows(student.kmeans(frames.clone(), 8, 0, generator), (8, 3))

    student.seed(1)
    first = call(twin(12))
    student.seed(2)
    demand(close(first, call(twin(12))), "pseudo_labels.ignores_generator")
    generator = twin(13)
    calls = [call(generator) for _ in range(4)]
    same = all(close(c, calls[0]) for c in calls)
    demand(not same, "pseudo_labels.restarts_generator")


def test_dtype(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Centroids have the dtype of the frames, float32 or float64."""
    for dtype in (torch.float32, torch.float64):
        frames, centroids = reference["frames"].to(dtype), reference["centroids"].to(dtype)
        calls: dict[str, Callable[[], object]] = {
            "kmeans_step": lambda f=frames, c=centroids: student.kmeans_step(f, c),
            "kmeans": lambda f=frames: student.kmeans(f, 4, 2, twin(7)),
        }
        for name, call in calls.items():
            try:
                result = call()
            except Crashed as error:
                raise Wrong("pseudo_labels.dtype", f"{name}: {error.detail}") from error
            rows(result, (len(centroids) if name == "kmeans_step" else 4, frames.shape[1]))
            assert isinstance(result, Tensor)
            demand(result.dtype == dtype, "pseudo_labels.dtype", (name, result.dtype))


@presumes(test_nearest, test_step, test_empty_centroid)
def test_inputs_are_kept(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Frames and centroids that are passed in are not modified."""
    frames, centroids = reference["frames"].float(), reference["empty.centroids"].float()
    shape = tuple(centroids.shape)
    calls: dict[str, Callable[[Tensor], Tensor]] = {
        "nearest": lambda x: indices(student.nearest(x, centroids), x),
        "step": lambda x: rows(student.kmeans_step(x, centroids), shape),
        "lloyd": lambda x: rows(student.kmeans(x, 5, 2, twin(8)), (5, shape[1])),
    }
    for hint, call in calls.items():
        found = []
        for x in (frames, -frames):
            found.append(call(x))
            demand(not student.mutated, "pseudo_labels.modifies_input", student.mutated)
        demand(differ(*found), f"pseudo_labels.{hint}")
