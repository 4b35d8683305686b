"""Short masks are likelier: the length is a squared uniform number."""


def time_mask(wave, max_fraction=0.125, generator=None):
    batch, time = wave.shape
    longest = math.floor(max_fraction * time)
    out = wave.clone()
    for clip in out:
        u, v = torch.rand(2, generator=generator).tolist()
        length = round(u**2 * longest)
        start = math.floor(v * (time - length + 1))
        clip[start : start + length].zero_()
    return out
