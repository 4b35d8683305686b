"""Masks are drawn for half of the batch and used twice.

hint: spec_augment.repeated
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    batch, n_mels, frames = mel.shape
    half = (batch + 1) // 2
    u = torch.rand(4, half, 1, generator=generator).repeat(1, 2, 1)[:, :batch]
    w, v = (u[0] * (max_mels + 1)).long(), (u[1] * (max_frames + 1)).long()
    m, f = (u[2] * (n_mels - w + 1)).long(), (u[3] * (frames - v + 1)).long()

    def inside(start, width, size):
        at = torch.arange(size)
        return (at >= start) & (at < start + width)

    mask = inside(m, w, n_mels)[:, :, None] | inside(f, v, frames)[:, None]
    return torch.where(mask, mel.mean((1, 2), keepdim=True), mel)
