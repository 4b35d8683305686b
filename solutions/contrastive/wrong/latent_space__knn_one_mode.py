"""Python's statistics are asked for the one winner, and a tie is refused.

hint: latent_space.knn_tie
"""


def alignment(z_a, z_b):
    return (z_a - z_b).pow(2).sum(1).mean()


def uniformity(z, t=2.0):
    return torch.pdist(z).pow(2).mul(-t).exp().mean().log()


def winner(labels):
    counts = {label: labels.count(label) for label in labels}
    (best,) = [label for label, count in counts.items() if count == max(counts.values())]
    return best


def knn_accuracy(train_z, train_y, test_z, test_y, k=5):
    cosine = F.normalize(test_z, dim=1) @ F.normalize(train_z, dim=1).T
    near = cosine.topk(k, dim=1).indices
    guesses = torch.tensor([winner(row) for row in train_y[near].tolist()])
    return (guesses == test_y).float().mean()
