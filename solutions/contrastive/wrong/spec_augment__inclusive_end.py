"""The end is masked too: every mask is one bin wider than drawn.
hint: spec_augment.too_wide
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    batch, n_mels, frames = mel.shape

    def span(size, widest):
        width = torch.randint(widest + 1, (batch, 1), generator=generator)
        start = (torch.rand(batch, 1, generator=generator) * (size - width)).long()
        at = torch.arange(size)
        return (at >= start) & (at <= start + width)

    mask = span(n_mels, max_mels)[:, :, None] | span(frames, max_frames)[:, None]
    return torch.where(mask, mel.mean((1, 2), keepdim=True), mel)
