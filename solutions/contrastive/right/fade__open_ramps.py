"""Ramps that touch neither 0 nor 1, from a helper; Python's random seeded from the generator."""


def ramp(n):
    return torch.linspace(0, 1, n + 2)[1:-1]


def fade(wave, max_fraction=0.5, generator=None):
    rng = random.Random(torch.randint(2**31, (), generator=generator).item())
    longest = max_fraction * wave.shape[1]
    out = []
    for clip in wave:
        n, m = round(rng.uniform(0, longest)), round(rng.uniform(0, longest))
        up = torch.cat([ramp(n), torch.ones(len(clip) - n)])
        down = torch.cat([ramp(m), torch.ones(len(clip) - m)]).flip(0)
        out.append(clip * up.to(clip.dtype) * down.to(clip.dtype))
    return torch.stack(out)
