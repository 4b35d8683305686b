"""NumPy makes float64.
hint: pretraining.dtype
"""


def make_input(mel, generator):
    return torch.from_numpy(mel.numpy() + np.random.normal(0, 0.1, mel.shape))
