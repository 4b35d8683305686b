"""Distances of zero are taken for those of a row to itself and left out.

hint: latent_space.uniformity_equal_rows
"""


def alignment(z_a, z_b):
    return (z_a - z_b).norm(dim=1).pow(2).mean()


def uniformity(z, t=2.0):
    square = torch.cdist(z, z, compute_mode="donot_use_mm_for_euclid_dist").square()
    return (-t * square[square > 0]).exp().mean().log()


def knn_accuracy(train_z, train_y, test_z, test_y, k=5):
    cosine = F.normalize(test_z, dim=1) @ F.normalize(train_z, dim=1).T
    winner = train_y[cosine.topk(k).indices].mode(1).values
    return float((winner == test_y).double().mean())
