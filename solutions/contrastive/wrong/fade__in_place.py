"""The caller's clips are faded.
hint: fade.modifies_input
"""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    for clip in wave:
        n, m = torch.randint(int(max_fraction * time) + 1, (2,), generator=generator).tolist()
        clip[:n] *= torch.linspace(0, 1, n)
        clip[time - m :] *= torch.linspace(1, 0, m)
    return wave
