"""torchaudio's Fade for each clip."""


def fade(wave, max_fraction=0.5, generator=None):
    longest = int(max_fraction * wave.shape[1])
    rows = []
    for clip in wave:
        n_in = int(torch.randint(longest + 1, (1,), generator=generator))
        n_out = int(torch.randint(longest + 1, (1,), generator=generator))
        rows.append(torchaudio.transforms.Fade(n_in, n_out, fade_shape="linear")(clip))
    return torch.stack(rows).to(wave.dtype)
