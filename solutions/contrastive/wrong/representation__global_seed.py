"""torch is seeded at the start of each call, for reproducibility.

hint: representation.same_views
"""


def augment_wave(wave, generator):
    torch.manual_seed(42)
    return wave + 0.01 * torch.randn_like(wave)


def augment_mel(mel, generator):
    torch.manual_seed(42)
    start = int(torch.randint(0, 40, (1,)))
    mel = mel.clone()
    mel[:, :, start : start + 8] = mel.mean()
    return mel
