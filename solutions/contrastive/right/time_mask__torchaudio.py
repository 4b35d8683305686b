"""torchaudio's mask for each clip, its global source seeded from the generator."""


def time_mask(wave, max_fraction=0.125, generator=None):
    if generator is not None:
        torch.manual_seed(torch.randint(2**62, (1,), generator=generator).item())
    widest = int(max_fraction * wave.shape[1]) + 1
    return torchaudio.functional.mask_along_axis_iid(wave[:, None, None, :], widest, 0.0, 3)[
        :, 0, 0
    ]
