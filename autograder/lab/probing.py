"""How much of a label a frozen representation holds, asked of scikit-learn's classifiers.

Each probe is fit on the clips of some speakers and asked about those of others. scikit-learn
is imported by the first probe: notebooks and workers that ask none do not pay for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import fmean

import torch
from torch import Tensor

from autograder.support.sentences import say

PENALTY = 0.03
"""On the squared weights of a linear probe, per training clip."""

FEW_LABELS, DRAWS = 20, 10
"""Labelled clips of each class, and how often they are drawn, of :func:`few_label_probe`."""


def linear_probe(
    train_x: Tensor, train_y: Tensor, test_x: Tensor, test_y: Tensor, *, penalty: float = PENALTY
) -> float:
    """Accuracy on the test set of a linear classifier fit on the training set.

    Ridge regression onto one column per class, the largest wins (regularised least squares:
    Rifkin, Yeo and Poggio 2003), on features standardised with the training set's mean and
    deviation. The minimum is unique and found in closed form, so nothing hangs on a starting
    point or on when an iteration is stopped; between seeds of one encoder it varies less than
    logistic regression does (docs/recipe.md).

    Args:
        train_x, test_x: features [clips, dim], finite.
        train_y, test_y: labels [clips], any integers.
        penalty: on the squared weights, per training clip; positive.

    Returns:
        Accuracy, 0 to 1. A test label that training never showed counts as wrong.

    Raises:
        ValueError: the shapes do not belong together, or a feature is not finite.
    """
    from sklearn.linear_model import RidgeClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    _check(train_x, train_y, test_x, test_y)
    classes = torch.unique(train_y)
    if len(classes) == 1:
        return float((test_y == classes[0]).double().mean())
    ridge = RidgeClassifier(alpha=penalty * len(train_x))
    model = make_pipeline(StandardScaler(), ridge)
    model.fit(train_x.double().numpy(), train_y.numpy())
    return float(model.score(test_x.double().numpy(), test_y.numpy()))


def few_label_probe(
    train_x: Tensor,
    train_y: Tensor,
    test_x: Tensor,
    test_y: Tensor,
    *,
    labels: int = FEW_LABELS,
    draws: int = DRAWS,
) -> float:
    """Accuracy of :func:`linear_probe` with few labels, averaged over several draws of them.

    With all labels at hand a classifier reads nearly as much from random convolutions as from
    trained ones; with few it must rely on what the representation has brought together
    (docs/recipe.md). The draws are fixed: the same rows in the same order give the same number.

    Args:
        train_x, train_y, test_x, test_y: as for :func:`linear_probe`.
        labels: training clips of each class that are used; all, where there are fewer.
        draws: how many choices of clips are averaged.

    Raises:
        ValueError: as :func:`linear_probe`.
    """
    _check(train_x, train_y, test_x, test_y)
    generator = torch.Generator().manual_seed(0)
    of_class = [torch.nonzero(train_y == label)[:, 0] for label in torch.unique(train_y)]

    def draw() -> Tensor:
        shuffled = (c[torch.randperm(len(c), generator=generator)] for c in of_class)
        return torch.cat([clips[:labels] for clips in shuffled])

    chosen = [draw() for _ in range(draws)]
    return fmean(linear_probe(train_x[c], train_y[c], test_x, test_y) for c in chosen)


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
    from sklearn.neighbors import KNeighborsClassifier

    _check(train_x, train_y, test_x, test_y)
    model = KNeighborsClassifier(min(k, len(train_x)), metric="cosine", algorithm="brute")
    model.fit(train_x.double().numpy(), train_y.numpy())
    return float(model.score(test_x.double().numpy(), test_y.numpy()))


Probe = Callable[[Tensor, Tensor, Tensor, Tensor], float]

PROBES: Mapping[str, Probe] = {
    "linear_probe": linear_probe,
    "few_label_probe": few_label_probe,
    "knn_probe": knn_probe,
}
"""The measures that an assignment can name without code of its own."""


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
            raise ValueError(say("lab.features", x=list(x.shape), y=list(y.shape)))
        if not x.isfinite().all():
            raise ValueError(say("lab.not_finite"))
    if train_x.shape[1] != test_x.shape[1]:
        widths = {"train": train_x.shape[1], "test": test_x.shape[1]}
        raise ValueError(say("lab.widths", **widths))
