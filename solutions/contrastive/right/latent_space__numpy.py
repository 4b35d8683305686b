"""NumPy throughout; results are NumPy scalars."""


def alignment(z_a, z_b):
    difference = z_a.detach().cpu().numpy() - z_b.detach().cpu().numpy()
    return np.mean(np.sum(difference**2, axis=1))


def uniformity(z, t=2.0):
    z = z.detach().cpu().numpy()
    squared = ((z[:, None] - z[None]) ** 2).sum(-1)
    return np.log(np.exp(-t * squared[np.triu_indices(len(z), k=1)]).mean())


def knn_accuracy(train_z, train_y, test_z, test_y, k=5):
    def unit(x):
        return x / np.linalg.norm(x, axis=1, keepdims=True)

    cosine = unit(test_z.numpy()) @ unit(train_z.numpy()).T
    labels = train_y.numpy()
    predicted = []
    for row in cosine:
        values, counts = np.unique(labels[np.argsort(-row)[:k]], return_counts=True)
        predicted.append(values[counts.argmax()])
    return np.mean(np.array(predicted) == test_y.numpy())
