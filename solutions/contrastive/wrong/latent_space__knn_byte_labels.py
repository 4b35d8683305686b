"""Labels are kept in a byte to save memory.

hint: latent_space.knn_labels
"""


def alignment(z_a, z_b):
    return F.mse_loss(z_a, z_b, reduction="sum") / len(z_a)


def uniformity(z, t=2.0):
    return F.pdist(z).pow(2).mul(-t).exp().mean().log()


def knn_accuracy(train_z, train_y, test_z, test_y, k=5):
    train_y, test_y = train_y.to(torch.uint8), test_y.to(torch.uint8)
    near = F.cosine_similarity(test_z[:, None], train_z[None], dim=2).topk(k).indices
    return (train_y[near].mode(1).values == test_y).float().mean()
