"""NumPy from beginning to end, floats returned."""


def feature_deviation(z):
    x = z.detach().numpy()
    x = x / np.linalg.norm(x, axis=1, keepdims=True)
    return float(np.std(x, axis=0).mean() * np.sqrt(x.shape[1]))


def effective_rank(z):
    s = np.linalg.svd(z.detach().numpy(), compute_uv=False)
    p = s / s.sum()
    p = p[p > 0]
    return float(np.exp(-(p * np.log(p)).sum()))
