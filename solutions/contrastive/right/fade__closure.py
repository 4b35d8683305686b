"""A closure draws a ramp at a time, and cumulative sums make it rise."""


def fade(wave, max_fraction=0.5, generator=None):
    batch, time = wave.shape

    def ramp():
        length = torch.randint(0, int(time * max_fraction) + 1, (batch, 1), generator=generator)
        step = 1.0 / length.double().clamp(min=1)
        return (step.expand(batch, time).cumsum(1)).clamp(max=1.0)

    return wave * (ramp() * ramp().flip(1)).to(wave)
