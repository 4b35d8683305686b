"""NumPy in the middle, seeded from the generator, brought back to float32."""


def numpy_source(generator):
    return np.random.default_rng(int(torch.randint(2**31, (1,), generator=generator)))


def augment_wave(wave, generator):
    rng = numpy_source(generator)
    x = wave.numpy()
    gain = 10 ** (rng.uniform(-6, 6, size=(len(x), 1)) / 20)
    return torch.from_numpy(gain * x + 0.001 * rng.standard_normal(x.shape)).float()


def augment_mel(mel, generator):
    rng = numpy_source(generator)
    out = mel.numpy().copy()
    for clip in out:
        low = rng.integers(0, clip.shape[0] - 5)
        clip[low : low + rng.integers(1, 6)] = clip.mean()
    return torch.from_numpy(out)
