"""torch.linspace for each clip, the last ramp before the first is overlaid by multiplication."""


def fade(wave, max_fraction=0.5, generator=None):
    out = wave.clone()
    batch, time = wave.shape
    longest = int(max_fraction * time)
    for i in range(batch):
        n_in = torch.randint(0, longest + 1, (1,), generator=generator).item()
        n_out = torch.randint(0, longest + 1, (1,), generator=generator).item()
        out[i, :n_in] *= torch.linspace(0, 1, n_in)
        out[i, time - n_out :] *= torch.linspace(1, 0, n_out)
    return out
