"""All bands one or two up or down, in NumPy."""


def make_input(mel, generator):
    rng = np.random.default_rng(int(torch.randint(2**31, (1,), generator=generator)))
    rows = [np.roll(clip, rng.integers(-2, 3), axis=0) for clip in mel.numpy()]
    return torch.from_numpy(np.stack(rows))
