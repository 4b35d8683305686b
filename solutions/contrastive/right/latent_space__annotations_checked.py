"""A decorator looks at the annotations, as courses on types teach."""


def strict(function):
    """Refuse a tensor argument that is no tensor."""

    def wrapper(*args, **kwargs):
        expected = list(function.__annotations__.values())
        for value, kind in zip(args, expected):
            if kind is Tensor and not isinstance(value, kind):
                raise TypeError(f"{value!r} is no {kind.__name__}")
            assert isinstance(kind, type), kind
        return function(*args, **kwargs)

    return wrapper


@strict
def alignment(z_a: Tensor, z_b: Tensor) -> Tensor:
    return (z_a - z_b).pow(2).sum(1).mean()


@strict
def uniformity(z: Tensor, t: float = 2.0) -> Tensor:
    return torch.pdist(z).pow(2).mul(-t).exp().mean().log()


@strict
def knn_accuracy(
    train_z: Tensor, train_y: Tensor, test_z: Tensor, test_y: Tensor, k: int = 5
) -> Tensor:
    cosine = F.normalize(test_z, dim=1) @ F.normalize(train_z, dim=1).T
    return (train_y[cosine.topk(k, dim=1).indices].mode(1).values == test_y).float().mean()
