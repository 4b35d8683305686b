"""Probes read what a representation holds, and agree with the library everyone knows."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from sklearn.linear_model import RidgeClassifier
from sklearn.preprocessing import StandardScaler

from autograder.lab import probing
from autograder.lab.probing import PROBES, few_label_probe, knn_probe, linear_probe, pooled_log_mel


def clusters(clips: int = 600, dim: int = 24, spread: float = 4.0, seed: int = 0):
    """Overlapping Gaussian classes of unequal scale: (train_x, train_y, test_x, test_y)."""
    generator = torch.Generator().manual_seed(seed)
    centres = torch.randn(10, dim, generator=generator)
    labels = torch.randint(10, (clips,), generator=generator)
    x = centres[labels] + 0.25 * spread * torch.randn(clips, dim, generator=generator)
    x = x * torch.logspace(-2, 2, dim) + 5
    half = clips // 2
    return x[:half], labels[:half], x[half:], labels[half:]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("penalty", [0.03, 3.0])
@pytest.mark.parametrize(("dim", "spread"), [(24, 10.0), (500, 25.0)])
def test_linear_probe_agrees_with_scikit_learn(seed, penalty, dim, spread):
    train_x, train_y, test_x, test_y = clusters(dim=dim, spread=spread, seed=seed)
    scaler = StandardScaler().fit(train_x.double())
    model = RidgeClassifier(alpha=penalty * len(train_x))
    model.fit(scaler.transform(train_x.double()), train_y)
    expected = model.score(scaler.transform(test_x.double()), test_y)
    assert 0.3 < expected < 0.95
    found = linear_probe(train_x, train_y, test_x, test_y, penalty=penalty)
    assert found == pytest.approx(expected, abs=1.5 / len(test_y))


@pytest.mark.parametrize("probe", PROBES.values())
def test_a_probe_gives_the_same_answer_every_time(probe):
    data = clusters()
    torch.manual_seed(1)
    first = probe(*data)
    torch.manual_seed(2)
    assert probe(*data) == first


def test_linear_probe_works_where_gradients_are_off():
    data = clusters()
    with torch.no_grad():
        accuracy = linear_probe(*data)
    assert accuracy == linear_probe(*data)


@pytest.mark.parametrize("probe", PROBES.values())
def test_a_probe_of_noise_is_near_chance(probe):
    _, train_y, _, test_y = clusters(2000)
    generator = torch.Generator().manual_seed(5)
    x = torch.randn(2000, 8, generator=generator)
    assert probe(x[:1000], train_y, x[1000:], test_y) < 0.2


@pytest.mark.parametrize("probe", PROBES.values())
def test_probes_read_separate_clusters_perfectly(probe):
    assert probe(*clusters(dim=64, spread=0.2)) == 1.0


@pytest.mark.parametrize("probe", PROBES.values())
def test_labels_are_any_integers(probe):
    train_x, train_y, test_x, test_y = clusters(spread=0.4)
    named = probe(train_x, 1000 - 7 * train_y, test_x, 1000 - 7 * test_y)
    assert named == pytest.approx(probe(train_x, train_y, test_x, test_y), abs=0.01)


@pytest.mark.parametrize("probe", PROBES.values())
def test_a_label_never_trained_on_counts_as_wrong(probe):
    train_x, train_y, test_x, test_y = clusters(dim=64, spread=0.2)
    known = train_y != 3
    accuracy = probe(train_x[known], train_y[known], test_x, test_y)
    assert accuracy == pytest.approx(float((test_y != 3).double().mean()))


def test_a_constant_feature_does_not_hurt():
    train_x, train_y, test_x, test_y = clusters(spread=2.0)
    expected = linear_probe(train_x, train_y, test_x, test_y)
    wider = [torch.cat([x, torch.full((len(x), 2), 0.1)], 1) for x in (train_x, test_x)]
    assert linear_probe(wider[0], train_y, wider[1], test_y) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("probe", PROBES.values())
@pytest.mark.parametrize("broken", ["shape", "labels", "dim", "nan"])
def test_what_does_not_fit_together_is_refused(probe, broken):
    train_x, train_y, test_x, test_y = clusters(40)
    if broken == "shape":
        train_x = train_x[:, :, None]
    elif broken == "labels":
        train_y = train_y[:-1]
    elif broken == "dim":
        test_x = test_x[:, :-1]
    else:
        test_x = test_x.clone().fill_(float("nan"))
    with pytest.raises(ValueError, match=r"[Ff]eatures"):
        probe(train_x, train_y, test_x, test_y)


def test_nearest_neighbours_are_judged_by_direction_not_length():
    train_x = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    test_x = torch.tensor([[100.0, 1.0], [0.01, 0.02]])
    labels = torch.tensor([4, 9])
    assert knn_probe(train_x, labels, test_x, labels, k=1) == 1.0


def test_the_majority_of_the_neighbours_wins():
    train_x = torch.tensor([[1.0, 0.0], [1.0, 0.3], [1.0, -0.3], [-1.0, 0.0]])
    train_y = torch.tensor([1, 2, 2, 3])
    assert knn_probe(train_x, train_y, torch.tensor([[1.0, 0.0]]), torch.tensor([2]), k=3) == 1.0


@pytest.mark.parametrize("seed", range(3))
def test_nearest_neighbours_are_those_of_the_cosine(seed):
    train_x, train_y, test_x, test_y = clusters(spread=4.0, seed=seed)
    cosine = F.cosine_similarity(test_x[:, None].double(), train_x[None].double(), dim=2)
    votes = train_y[cosine.topk(5).indices]
    # The label with most votes; of several the smallest.
    expected = F.one_hot(votes, 10).sum(1).argmax(1)
    right = float((expected == test_y).double().mean())
    assert 0.2 < right < 0.95
    assert knn_probe(train_x, train_y, test_x, test_y) == pytest.approx(right)


@pytest.mark.parametrize(("labels", "draws"), [(20, 10), (5, 3)])
def test_few_labels_are_so_many_clips_of_each_class_drawn_so_often(monkeypatch, labels, draws):
    seen: list[tuple[torch.Tensor, torch.Tensor]] = []

    def kept(train_x, train_y, test_x, test_y):
        seen.append((train_x[:, 0].long(), train_y))
        return len(seen)

    monkeypatch.setattr(probing, "linear_probe", kept)
    y = torch.arange(600) % 10
    x = torch.arange(600.0)[:, None]  # which clip it is
    found = few_label_probe(x, y, x, y, labels=labels, draws=draws)
    assert found == sum(range(1, draws + 1)) / draws
    assert len(seen) == draws
    for clips, classes in seen:
        assert len(clips.unique()) == 10 * labels
        assert torch.equal(classes, y[clips])
        assert torch.equal(classes.bincount(), torch.full((10,), labels))
    # The draws are apart: hardly any clip is in all of them, and most are in one.
    times = torch.cat([clips for clips, _ in seen]).bincount(minlength=600)
    assert (times > 0).sum() > 0.7 * min(600, 10 * labels * draws)


def test_a_class_with_fewer_clips_than_asked_for_takes_part_with_all():
    train_x, train_y, test_x, test_y = clusters(dim=64, spread=0.2)
    rare = torch.nonzero(train_y == 3)[:2, 0]
    kept = torch.cat([torch.nonzero(train_y != 3)[:, 0], rare])
    assert few_label_probe(train_x[kept], train_y[kept], test_x, test_y) == 1.0


def test_with_all_labels_drawn_a_probe_of_few_is_the_linear_probe():
    data = clusters(spread=10.0)
    every = few_label_probe(*data, labels=1000, draws=1)
    assert every == pytest.approx(linear_probe(*data), abs=1.5 / len(data[3]))


@pytest.mark.parametrize("seed", range(3))
def test_few_labels_read_less_from_what_is_spread_out_than_all_do(seed):
    data = clusters(2000, spread=10.0, seed=seed)
    assert few_label_probe(*data, labels=5) < linear_probe(*data) - 0.05


def test_pooled_log_mel_is_mean_and_deviation_of_each_band():
    mels = torch.tensor([[[0.0, 2.0], [5.0, 5.0]]])
    torch.testing.assert_close(pooled_log_mel(mels), torch.tensor([[1.0, 5.0, 2**0.5, 0.0]]))
