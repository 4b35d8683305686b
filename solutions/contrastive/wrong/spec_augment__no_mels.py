"""The second mask starts again from the untouched clip, so the mel band is lost.
hint: spec_augment.no_mel_band
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    mean = mel.mean((1, 2), keepdim=True)
    for dim, widest in ((1, max_mels), (2, max_frames)):
        size = mel.shape[dim]
        width = torch.randint(widest + 1, (len(mel), 1), generator=generator)
        start = (torch.rand(len(mel), 1, generator=generator) * (size - width + 1)).long()
        at = torch.arange(size)
        mask = (at >= start) & (at < start + width)
        out = torch.where(mask.unsqueeze(3 - dim), mean, mel)
    return out
