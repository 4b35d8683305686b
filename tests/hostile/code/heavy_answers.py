"""Answers every question with a hundred megabytes, which suites keep and compare.
stopped by: the wire
part: representation
"""

ballast = torch.zeros(25_000_000)


def augment_wave(wave, generator=None):
    return ballast


def augment_mel(mel, generator=None):
    return [ballast[:1_000_000] for _ in range(20)]
