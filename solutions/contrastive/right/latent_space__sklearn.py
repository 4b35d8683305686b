"""The neighbours are scikit-learn's."""

from sklearn.neighbors import KNeighborsClassifier


def alignment(z_a, z_b):
    return F.mse_loss(z_a, z_b, reduction="sum") / z_a.shape[0]


def uniformity(z, t=2.0):
    return torch.logsumexp(-t * F.pdist(z) ** 2, 0) - math.log(len(z) * (len(z) - 1) / 2)


def knn_accuracy(train_z, train_y, test_z, test_y, k=5):
    knn = KNeighborsClassifier(n_neighbors=k, metric="cosine")
    knn.fit(train_z.numpy(), train_y.numpy())
    return float(knn.score(test_z.numpy(), test_y.numpy()))
