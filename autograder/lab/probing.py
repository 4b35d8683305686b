"""How much of the digits a frozen representation holds: linear and nearest-neighbour probes."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def linear_probe(
    train_x: Tensor,
    train_y: Tensor,
    test_x: Tensor,
    test_y: Tensor,
    *,
    c: float = 1.0,
    max_iterations: int = 200,
) -> float:
    """Accuracy on the test set of a linear classifier fit on the training set.

    Multinomial logistic regression, by L-BFGS, on features standardised with the training
    set's mean and deviation. Its objective is that of scikit-learn's LogisticRegression: summed
    cross-entropy plus ``|W|^2 / (2 c)``, the bias not penalised. Deterministic.

    Args:
        train_x, test_x: features [clips, dim], finite.
        train_y, test_y: labels [clips], any integers.
        c: inverse strength of the penalty.
        max_iterations: of L-BFGS.

    Returns:
        Accuracy, 0 to 1. A test label that training never showed counts as wrong.

    Raises:
        ValueError: the shapes do not belong together, or a feature is not finite.
    """
    _check(train_x, train_y, test_x, test_y)
    classes, target = torch.unique(train_y, return_inverse=True)
    mean, scale = train_x.mean(0), train_x.std(0, correction=0)
    scale = torch.where(scale > 1e-6 * train_x.abs().amax(0).clamp_min(1e-12), scale, 1.0)
    x, x_test = (train_x - mean) / scale, (test_x - mean) / scale
    weight, bias = _fit(x.float(), target, len(classes), c, max_iterations)
    predicted = classes[(x_test.float() @ weight + bias).argmax(1)]
    return float((predicted == test_y).double().mean())


def _fit(
    x: Tensor, target: Tensor, classes: int, c: float, max_iterations: int
) -> tuple[Tensor, Tensor]:
    weight = torch.zeros(x.shape[1], classes, requires_grad=True)
    bias = torch.zeros(classes, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [weight, bias], max_iter=max_iterations, history_size=10, line_search_fn="strong_wolfe"
    )

    def objective() -> Tensor:
        optimizer.zero_grad()
        penalty = weight.square().sum() / (2 * c * len(x))
        value = F.cross_entropy(x @ weight + bias, target) + penalty
        torch.autograd.backward(value)
        return value

    with torch.enable_grad():
        optimizer.step(objective)  # type: ignore[no-untyped-call]
    return weight.detach(), bias.detach()


def knn_probe(
    train_x: Tensor, train_y: Tensor, test_x: Tensor, test_y: Tensor, k: int = 5
) -> float:
    """Accuracy, 0 to 1, of a majority vote of the ``k`` training clips of nearest direction.

    Args:
        train_x, test_x: features [clips, dim], compared by cosine.
        train_y, test_y: labels [clips], any integers.
        k: neighbours; ties go to the smaller label.

    Raises:
        ValueError: as :func:`linear_probe`.
    """
    _check(train_x, train_y, test_x, test_y)
    classes, target = torch.unique(train_y, return_inverse=True)
    similarity = F.normalize(test_x, dim=1) @ F.normalize(train_x, dim=1).T
    neighbours = target[similarity.topk(min(k, len(train_x)), dim=1).indices]
    votes = F.one_hot(neighbours, len(classes)).sum(1)
    return float((classes[votes.argmax(1)] == test_y).double().mean())


def pooled_log_mel(mels: Tensor) -> Tensor:
    """The baseline without a network: mean and deviation over time of each band.

    Args:
        mels: [clips, bands, frames].

    Returns:
        [clips, 2 * bands].
    """
    return torch.cat([mels.mean(2), mels.std(2)], dim=1)


def _check(train_x: Tensor, train_y: Tensor, test_x: Tensor, test_y: Tensor) -> None:
    for x, y in ((train_x, train_y), (test_x, test_y)):
        if x.ndim != 2 or y.shape != x.shape[:1] or not len(x):
            raise ValueError(
                f"Features must be [clips, dim] and labels [clips], not {list(x.shape)} "
                f"and {list(y.shape)}."
            )
        if not x.isfinite().all():
            raise ValueError("Features must be finite; some are infinite or not a number.")
    if train_x.shape[1] != test_x.shape[1]:
        raise ValueError(f"{train_x.shape[1]} features to train on, {test_x.shape[1]} to test on.")
