"""A little of another clip is mixed in; time and frequency are shifted per clip.

calibrate: 8
"""


class View:
    def __init__(self, generator):
        self.generator = generator

    def uniform(self, n, low, high):
        return low + (high - low) * torch.rand(n, generator=self.generator)

    def shifted(self, clip, most, axis):
        by = int(torch.randint(-most, most + 1, (1,), generator=self.generator))
        return clip.roll(by, axis)


def augment_wave(wave, generator):
    view = View(generator)
    other = wave[torch.randperm(len(wave), generator=generator)]
    share = view.uniform(len(wave), 0.0, 0.2)[:, None]
    return (1 - share) * wave + share * other


def augment_mel(mel, generator):
    view = View(generator)
    clips = [view.shifted(view.shifted(clip, 4, 1), 2, 0) for clip in mel]
    return torch.stack(clips) * view.uniform(len(mel), 0.9, 1.1)[:, None, None]
