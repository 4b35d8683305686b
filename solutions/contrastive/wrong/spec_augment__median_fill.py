"""Masked cells hold the median of the clip.

hint: spec_augment.fill
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    batch, n_mels, frames = mel.shape
    w = torch.randint(max_mels + 1, (batch, 1), generator=generator)
    v = torch.randint(max_frames + 1, (batch, 1), generator=generator)
    m = (torch.rand(batch, 1, generator=generator) * (n_mels - w + 1)).long()
    f = (torch.rand(batch, 1, generator=generator) * (frames - v + 1)).long()

    def inside(start, width, size):
        at = torch.arange(size)
        return (at >= start) & (at < start + width)

    mask = inside(m, w, n_mels)[:, :, None] | inside(f, v, frames)[:, None]
    return torch.where(mask, mel.flatten(1).median(1).values[:, None, None], mel)
