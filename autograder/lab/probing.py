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
    penalty: float = 0.03,
) -> float:
    """Accuracy on the test set of a linear classifier fit on the training set.

    Ridge regression onto one column per class, the largest wins (regularised least squares:
    Rifkin, Yeo and Poggio 2003), on features standardised with the training set's mean and
    deviation: what scikit-learn's RidgeClassifier fits with ``alpha = penalty * clips``. The
    minimum is unique and found in closed form, so nothing hangs on a starting point or on when
    an iteration is stopped; between seeds of one encoder it varies less than logistic
    regression does (docs/recipe.md).

    Args:
        train_x, test_x: features [clips, dim], finite.
        train_y, test_y: labels [clips], any integers.
        penalty: on the squared weights, per training clip; positive.

    Returns:
        Accuracy, 0 to 1. A test label that training never showed counts as wrong.

    Raises:
        ValueError: the shapes do not belong together, or a feature is not finite.
    """
    _check(train_x, train_y, test_x, test_y)
    classes, target = torch.unique(train_y, return_inverse=True)
    mean, scale = train_x.mean(0), train_x.std(0, correction=0)
    scale = torch.where(scale > 1e-6 * train_x.abs().amax(0).clamp_min(1e-12), scale, 1.0)
    x, x_test = (((part - mean) / scale).double() for part in (train_x, test_x))
    wanted = F.one_hot(target, len(classes)).double()
    share = wanted.mean(0)
    clips, dim = x.shape
    if dim <= clips:
        weight = _solve(x.T @ x, penalty * clips, x.T @ (wanted - share))
    else:  # the same weights from the smaller system
        weight = x.T @ _solve(x @ x.T, penalty * clips, wanted - share)
    predicted = classes[(x_test @ weight + share).argmax(1)]
    return float((predicted == test_y).double().mean())


def _solve(gram: Tensor, ridge: float, right: Tensor) -> Tensor:
    gram.diagonal().add_(ridge)
    return torch.cholesky_solve(right, torch.linalg.cholesky(gram))


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
