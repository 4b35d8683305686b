"""Lengths of middling size are likelier; numpy's interp draws the lines."""


def fade(wave, max_fraction=0.5, generator=None):
    time = wave.shape[1]
    longest = int(max_fraction * time)
    gains = []
    for _ in wave:
        n, m = (int(torch.rand(2, generator=generator).mean() * (longest + 1)) for _ in range(2))
        t = np.arange(time)
        up = np.interp(t, [0, n], [0, 1]) if n else np.ones(time)
        down = np.interp(t, [time - 1 - m, time - 1], [1, 0]) if m else np.ones(time)
        gains.append(up * down)
    return wave * torch.from_numpy(np.stack(gains)).to(wave.dtype)
