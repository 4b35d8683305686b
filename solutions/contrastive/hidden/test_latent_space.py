"""Hidden suite of the part ``latent_space``.

Values come from an independent oracle in plain loops (reference/oracle_latent_space.py).
Embeddings given to `alignment` and `uniformity` have unit length already, so normalising
them once more changes nothing. No vote among neighbours is tied but where ties are asked for,
and no neighbour is nearer than the next by less than 1e-3, so rounding cannot change an
accuracy. Each of the three functions is worth a third of the part.

A mistake that shows in the first value of a function shows in its other values too; what fails
then is answered by the hint of that mistake (:func:`told`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import math
from numbers import Real
from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from autograder.lab.testing.failures import Crashed, Failure, Wrong
from autograder.lab.testing.student import Student
from autograder.lab.testing.suite import close, demand, nearest_mistake, presumes, weigh

TOLERANCE = 1e-4
"""Rounding of float32 squared distances, even by way of inner products, is below 1e-5."""
T, K = 1.5, 3
"""Of the cases on which mistakes are told apart; unlike the defaults."""


def number(value: object) -> float:
    """The one number that a call returned, as a tensor or as a Python number."""
    if isinstance(value, Tensor):
        plain = value.numel() == 1 and value.layout == torch.strided and value.is_cpu
        plain = plain and not value.is_complex() and not value.is_quantized
        demand(plain, "latent_space.not_a_number", (value.dtype, tuple(value.shape)))
        result = float(value.detach().as_subclass(Tensor).reshape(()))
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


_first: WeakKeyDictionary[Student, dict[str, float | Failure]] = WeakKeyDictionary()


def first(student: Student, reference: Mapping[str, Tensor], case: str) -> float:
    """The value of ``case``, asked once; how that call failed is raised every time."""
    asked = _first.setdefault(student, {})
    if case not in asked:
        ask: dict[str, Callable[[], object]] = {
            "alignment": lambda: student.alignment(reference["z_a"], reference["z_b"]),
            "uniformity": lambda: student.uniformity(reference["z"], t=T),
            "knn": lambda: student.knn_accuracy(*clips(reference), k=K),
        }
        try:
            asked[case] = number(ask[case]())
        except Failure as failure:
            asked[case] = failure
    value = asked[case]
    if isinstance(value, Failure):
        raise value
    return value


def told(student: Student, reference: Mapping[str, Tensor], case: str, otherwise: str) -> str:
    """The hint of the mistake that the first value of ``case`` shows; else ``otherwise``."""
    value = first(student, reference, case)
    if matches(value, reference[case]):
        return f"latent_space.{otherwise}"
    prefix = f"mistake.{case}."
    mistakes = {name: v for name, v in reference.items() if name.startswith(prefix)}
    nearest = nearest_mistake(value, mistakes, prefix + case)
    return f"latent_space.{nearest.split('.')[2]}"


def clips(reference: Mapping[str, Tensor], case: str = "") -> tuple[Tensor, ...]:
    """Training and test clips: rows, labels, rows, labels."""
    return tuple(reference[case + name] for name in ("train_z", "train_y", "test_z", "test_y"))


@weigh(3)
def test_alignment(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Alignment is the mean squared distance between the two views of a clip."""
    value = first(student, reference, "alignment")
    hint = told(student, reference, "alignment", "alignment")
    demand(matches(value, reference["alignment"]), hint, value)
    value = number(student.alignment(reference["batch.z_a"], reference["batch.z_b"]))
    demand(matches(value, reference["batch.alignment"]), "latent_space.any_batch", value)


@weigh(2)
def test_uniformity(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Uniformity is the logarithm of the mean Gaussian potential over all pairs of clips."""
    value = first(student, reference, "uniformity")
    hint = told(student, reference, "uniformity", "uniformity")
    demand(matches(value, reference["uniformity"]), hint, value)


def test_uniformity_at_any_t(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Uniformity is right at any t, which is 2 when none is given."""
    hint = told(student, reference, "uniformity", "uniformity_any_t")
    for t in (0.5, 4.0):
        value = number(student.uniformity(reference["z"], t))
        demand(matches(value, reference[f"uniformity.{t}"]), hint, (t, value))
    value = number(student.uniformity(reference["z"]))
    hint = told(student, reference, "uniformity", "default_t")
    demand(matches(value, reference["uniformity.2.0"]), hint, value)
    value = number(student.uniformity(reference["batch.z_a"], 2.0))
    hint = told(student, reference, "uniformity", "any_batch")
    demand(matches(value, reference["batch.uniformity"]), hint, value)


def test_uniformity_of_equal_rows(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Pairs of equal rows count as any other: of rows that are all the same it is 0."""
    hint = told(student, reference, "uniformity", "uniformity_equal_rows")
    one, other = torch.tensor([[0.6, 0.8, 0.0]]), torch.tensor([[0.0, 0.0, 1.0]])
    pairs = math.log((2 + 4 * math.exp(-2 * T)) / 6)  # two at a distance of 0, four at root 2
    for z, right in ((torch.cat([one, other, one, other]), pairs), (one.repeat(4, 1), 0.0)):
        try:
            value = number(student.uniformity(z, T))
        except (Crashed, Wrong) as error:
            raise Wrong(hint, str(error)) from error
        demand(matches(value, right), hint, (len(z), value))


def test_knn(student: Student, reference: Mapping[str, Tensor]) -> None:
    """A test clip gets the label of most of its k nearest training clips by cosine."""
    value = first(student, reference, "knn")
    demand(matches(value, reference["knn"]), told(student, reference, "knn", "knn"), value)
    value = number(student.knn_accuracy(*clips(reference, "batch."), k=5))
    demand(matches(value, reference["batch.knn"]), "latent_space.any_batch", value)


@weigh(0.5)
def test_knn_majority(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Each of the k neighbours has one vote, most votes win, and a tie goes either way."""
    hint = told(student, reference, "knn", "knn_majority")
    # Two very near clips against three less near ones; then two equal labels among five.
    # Of the three test clips one, two or all have the label that wins.
    for right, cosines, labels, winner in (
        (2, [0.99, 0.98, 0.60, 0.59, 0.58, -0.5, -0.6, -0.7], [1, 1, 0, 0, 0, 1, 1, 1], 0),
        (3, [0.95, 0.94, 0.93, 0.92, 0.91, -0.5, -0.6], [3, 1, 4, 1, 2, 3, 3], 1),
        (1, [0.95, 0.94, 0.93, 0.92, 0.91, -0.5, -0.6], [9, 2, 9, 4, 7, 2, 2], 9),
    ):
        test_y = torch.tensor([winner if i < right else 5 for i in range(3)])
        test_z = torch.tensor([[2.0, 0.0], [0.5, 0.0], [1.0, 0.0]])
        train = arc(cosines), torch.tensor(labels)
        value = number(student.knn_accuracy(*train, test_z, test_y, k=5))
        demand(matches(value, right / 3), hint, (labels, value))
    # Four clips by the first test clip, of which two bear 4 and two 9; four by the others, all 4.
    train = arc([0.99, 0.98, 0.97, 0.96, 0.06, 0.05, 0.04, 0.03]), torch.tensor([4, 9, 9, *[4] * 5])
    test_z = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 2.0], [0.0, 0.5]])
    hint = told(student, reference, "knn", "knn_tie")
    for k, test_y, accuracies in (
        (2, [4, 4, 4, 9], (0.5, 0.75)),
        (4, [9, 9, 9, 9], (0.0, 0.25)),
        (4, [1, 4, 4, 4], (0.75,)),
    ):
        try:
            value = number(student.knn_accuracy(*train, test_z, torch.tensor(test_y), k=k))
        except Crashed as error:
            raise Wrong(hint, f"{k}: {error.detail}") from error
        demand(any(matches(value, a) for a in accuracies), hint, (k, test_y, value))


def arc(cosines: list[float]) -> Tensor:
    """Unit vectors [clips, 2] of the given cosines with the first axis."""
    cosine = torch.tensor(cosines)
    return torch.stack([cosine, (1 - cosine**2).sqrt()], dim=1)


@weigh(0.5)
@presumes(test_knn_majority)
def test_knn_at_any_k(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Accuracy is right for any k up to all training clips; k is 5 when none is given."""
    hint = told(student, reference, "knn", "knn_any_k")
    for k in (1, 8, 60):
        try:
            value = number(student.knn_accuracy(*clips(reference), k))
        except Crashed as error:
            raise Wrong(hint, f"{k}: {error.detail}") from error
        demand(matches(value, reference[f"knn.{k}"]), hint, (k, value))
    value = number(student.knn_accuracy(*clips(reference)))
    demand(matches(value, reference["knn.5"]), told(student, reference, "knn", "default_k"), value)


@weigh(0.5)
def test_knn_labels(student: Student, reference: Mapping[str, Tensor]) -> None:
    """Labels are integers from 0 on, large ones and with gaps among them."""
    hint = told(student, reference, "knn", "knn_labels")
    train_z, train_y, test_z, test_y = clips(reference)
    names = torch.tensor([3, 40, 259, 4099])  # some alike in a byte
    try:
        value = number(student.knn_accuracy(train_z, names[train_y], test_z, names[test_y], k=K))
    except Crashed as error:
        raise Wrong(hint, error.detail) from error
    demand(matches(value, reference["knn"]), hint, value)


@weigh(0.5)
def test_knn_one_clip(student: Student, reference: Mapping[str, Tensor]) -> None:
    """A single test clip is enough."""
    hint = told(student, reference, "knn", "knn_one_clip")
    train_z, train_y, _, _ = clips(reference)
    for label, right in ((0, 1.0), (3, 0.0), (3, 1.0)):
        i = int((train_y == label).nonzero()[0])
        test_y = train_y[i : i + 1] + 1 - int(right)
        try:
            value = number(student.knn_accuracy(train_z, train_y, train_z[i : i + 1], test_y, k=1))
        except Crashed as error:
            raise Wrong(hint, error.detail) from error
        demand(matches(value, right), hint, value)
