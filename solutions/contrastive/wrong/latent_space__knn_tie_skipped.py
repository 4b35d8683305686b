"""Test clips whose vote is tied are left out of the mean.

hint: latent_space.knn_tie
"""


def alignment(z_a, z_b):
    return (z_a - z_b).pow(2).sum(1).mean()


def uniformity(z, t=2.0):
    return torch.pdist(z).pow(2).mul(-t).exp().mean().log()


def knn_accuracy(train_z, train_y, test_z, test_y, k=5):
    cosine = F.normalize(test_z, dim=1) @ F.normalize(train_z, dim=1).T
    near = cosine.topk(k, dim=1).indices
    right, clear = 0, 0
    for row, label in zip(train_y[near], test_y):
        names, counts = row.unique(return_counts=True)
        if (counts == counts.max()).sum() == 1:
            clear += 1
            right += int(names[counts.argmax()] == label)
    return right / max(clear, 1)
