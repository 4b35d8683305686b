"""Zeros are filled in, which is a loud value on a logarithmic scale.
hint: spec_augment.zero_fill
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    batch, n_mels, frames = mel.shape

    def span(size, widest):
        width = torch.randint(widest + 1, (batch, 1), generator=generator)
        start = (torch.rand(batch, 1, generator=generator) * (size - width + 1)).long()
        at = torch.arange(size)
        return (at >= start) & (at < start + width)

    mask = span(n_mels, max_mels)[:, :, None] | span(frames, max_frames)[:, None]
    return mel.masked_fill(mask, 0)
