"""Pairs from combinations, votes from a comparison of every neighbour with every other."""

from itertools import combinations


def alignment(z_a, z_b):
    return torch.baddbmm(torch.zeros(1, 1, 1), (z_a - z_b)[:, None], (z_a - z_b)[:, :, None]).mean()


def uniformity(z, t=2.0):
    pairs = torch.tensor(list(combinations(range(len(z)), 2)))
    return torch.exp(-t * F.pairwise_distance(z[pairs[:, 0]], z[pairs[:, 1]], eps=0) ** 2).mean().log()


def knn_accuracy(train_z, train_y, test_z, test_y, k=5):
    lengths = train_z.norm(dim=1)
    near = train_y[(test_z @ train_z.T / lengths).argsort(dim=1, descending=True)[:, :k]]
    votes = (near[:, :, None] == near[:, None, :]).sum(2)
    chosen = near.gather(1, votes.argmax(1, keepdim=True))[:, 0]
    return chosen.eq(test_y).sum().item() / test_y.numel()
