"""Both lengths are shortened in proportion where together they are longer than the clip."""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape
    lengths = torch.rand(2, batch, 1, generator=generator) * max_fraction * time
    total = lengths.sum(0)
    lengths = lengths * (time / total).clamp(max=1)
    count = torch.arange(1, time + 1)
    ramps = [(c / n.clamp(min=1e-6)).clamp(max=1) for c, n in zip((count, count.flip(0)), lengths)]
    return wave * (ramps[0] * ramps[1]).to(wave.dtype)
