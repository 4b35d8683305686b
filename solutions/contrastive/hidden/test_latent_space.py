"""Hidden suite of the part ``latent_space``.

Values come from an independent oracle in plain loops (reference/oracle_latent_space.py).
Embeddings given to `alignment` and `uniformity` have unit length already, so normalising
them once more changes nothing. No vote among neighbours is tied, and no neighbour is nearer
than the next by less than 1e-3, so rounding cannot change an accuracy. Each of the three
functions is worth a third of the part.
"""

from __future__ import annotations

from collections.abc import Mapping

import math
from numbers import Real

import torch
from torch import Tensor

from autograder.lab.testing.failures import Crashed, Wrong
from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import close, demand, nearest_mistake, weigh

TOLERANCE = 1e-4
"""Rounding of float32 squared distances, even by way of inner products, is below 1e-5."""
T, K = 1.5, 3
"""Of the cases on which mistakes are told apart; unlike the defaults."""


def number(value: object) -> float:
    """The one number that a call returned, as a tensor or as a Python number."""
    if isinstance(value, Tensor):
        plain = value.numel() == 1 and not value.is_complex()
        demand(plain, "latent_space.not_a_number", (value.dtype, tuple(value.shape)))
        result = float(value.detach().reshape(()))
    else:
        plain = isinstance(value, Real) and not isinstance(value, bool)
        demand(plain, "latent_space.not_a_number", type(value).__name__)
        assert isinstance(value, Real)
        try:
            result = float(value)
        except OverflowError:
            result = math.inf
    demand(math.isfinite(result), "latent_space.not_finite", result)
    return result


def matches(value: float, expected: Tensor | float) -> bool:
    return close(value, float(expected), rtol=TOLERANCE, atol=TOLERANCE)


def demand_value(value: float, reference: Mapping[str, Tensor], case: str) -> None:
    """Demand the oracle's value of ``case``; else name the mistake that gives ``value``."""
    if matches(value, reference[case]):
        return
    prefix, otherwise = f"mistake.{case}.", f"latent_space.{case}"
    mistakes = {name: v for name, v in reference.items() if name.startswith(prefix)}
    nearest = nearest_mistake(value, mistakes, otherwise)
    hint = f"latent_space.{nearest.split('.')[2]}" if nearest in mistakes else otherwise
    demand(False, hint, value)


def clips(reference: Mapping[str, Tensor]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    return tuple(reference[name] for name in ("train_z", "train_y", "test_z", "test_y"))  # type: ignore[return-value]


@weigh(3)
def test_alignment(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Alignment is the mean squared distance between the two views of a clip."""
    value = number(student.alignment(reference["z_a"], reference["z_b"]))
    demand_value(value, reference, "alignment")


@weigh(2)
def test_uniformity(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Uniformity is the logarithm of the mean Gaussian potential over all pairs of clips."""
    value = number(student.uniformity(reference["z"], t=T))
    demand_value(value, reference, "uniformity")


def test_uniformity_at_any_t(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Uniformity is right at any t, which is 2 when none is given."""
    for t in (0.5, 4.0):
        value = number(student.uniformity(reference["z"], t))
        demand(matches(value, reference[f"uniformity.{t}"]), "latent_space.uniformity", (t, value))
    value = number(student.uniformity(reference["z"]))
    demand(matches(value, reference["uniformity.2.0"]), "latent_space.default_t", value)


def test_knn(student: Student, reference: Mapping[str, Tensor]) -> None:
    """A test clip gets the label of most of its k nearest training clips by cosine."""
    value = number(student.knn_accuracy(*clips(reference), k=K))
    demand_value(value, reference, "knn")


@weigh(0.5)
def test_knn_majority(student: Student) -> None:
    """Each of the k neighbours has one vote, and the label with most votes wins."""
    # Two very near clips against three less near ones; then two equal labels among five.
    for cosines, labels, winner in (
        ([0.99, 0.98, 0.60, 0.59, 0.58, -0.5, -0.6, -0.7], [1, 1, 0, 0, 0, 1, 1, 1], 0),
        ([0.95, 0.94, 0.93, 0.92, 0.91, -0.5, -0.6], [3, 1, 4, 1, 2, 3, 3], 1),
        ([0.95, 0.94, 0.93, 0.92, 0.91, -0.5, -0.6], [9, 2, 9, 4, 7, 2, 2], 9),
    ):
        cosine = torch.tensor(cosines)
        train_z = torch.stack([cosine, (1 - cosine**2).sqrt()], dim=1)
        test_z, test_y = torch.tensor([[2.0, 0.0], [0.5, 0.0]]), torch.tensor([winner, winner])
        value = number(student.knn_accuracy(train_z, torch.tensor(labels), test_z, test_y, k=5))
        demand(matches(value, 1.0), "latent_space.knn_majority", (labels, value))


@weigh(0.5)
def test_knn_at_any_k(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Accuracy is right for any k up to all training clips; k is 5 when none is given."""
    for k in (1, 8, 60):
        try:
            value = number(student.knn_accuracy(*clips(reference), k))
        except Crashed as error:
            raise Wrong("latent_space.knn_any_k", f"{k}: {error.detail}") from error
        demand(matches(value, reference[f"knn.{k}"]), "latent_space.knn_any_k", (k, value))
    value = number(student.knn_accuracy(*clips(reference)))
    demand(matches(value, reference["knn.5"]), "latent_space.default_k", value)


@weigh(0.5)
def test_knn_labels(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Labels are any integers: negative, large, with gaps."""
    train_z, train_y, test_z, test_y = clips(reference)
    names = torch.tensor([-7, 40, 3, 4007])
    try:
        value = number(student.knn_accuracy(train_z, names[train_y], test_z, names[test_y], k=K))
    except Crashed as error:
        raise Wrong("latent_space.knn_labels", error.detail) from error
    demand(matches(value, reference["knn"]), "latent_space.knn_labels", value)


@weigh(0.5)
def test_knn_one_clip(student: Student, reference: Mapping[str, Tensor]) -> None:
    """A single test clip is enough."""
    train_z, train_y, _, _ = clips(reference)
    for label in (0, 3):
        i = int((train_y == label).nonzero()[0])
        try:
            value = number(
                student.knn_accuracy(train_z, train_y, train_z[i : i + 1], train_y[i : i + 1], k=1)
            )
        except Crashed as error:
            raise Wrong("latent_space.knn_one_clip", error.detail) from error
        demand(matches(value, 1.0), "latent_space.knn_one_clip", value)
