"""Each start is computed from the number that gave the width.

hint: spec_augment.start_follows_width
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    batch, n_mels, frames = mel.shape
    a, b = torch.rand(2, batch, 1, generator=generator)
    w, v = (a * (max_mels + 1)).long(), (b * (max_frames + 1)).long()
    m, f = (a * (n_mels - w + 1)).long(), (b * (frames - v + 1)).long()

    def inside(start, width, size):
        at = torch.arange(size)
        return (at >= start) & (at < start + width)

    mask = inside(m, w, n_mels)[:, :, None] | inside(f, v, frames)[:, None]
    return torch.where(mask, mel.mean((1, 2), keepdim=True), mel)
