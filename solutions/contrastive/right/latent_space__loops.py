"""Python loops and dictionaries of votes; plain floats."""


def alignment(z_a, z_b):
    total = 0.0
    for x, y in zip(z_a, z_b):
        total += float(((x - y) ** 2).sum())
    return total / len(z_a)


def uniformity(z, t=2.0):
    values = []
    for i in range(len(z)):
        for j in range(i + 1, len(z)):
            values.append(math.exp(-t * float((z[i] - z[j]).pow(2).sum())))
    return math.log(sum(values) / len(values))


def knn_accuracy(train_z, train_y, test_z, test_y, k=5):
    right = 0
    for clip, label in zip(test_z, test_y):
        cosines = F.cosine_similarity(train_z, clip[None], dim=1)
        votes = {}
        for i in cosines.argsort(descending=True)[:k].tolist():
            votes[train_y[i].item()] = votes.get(train_y[i].item(), 0) + 1
        right += max(votes, key=votes.get) == label.item()
    return right / len(test_y)
