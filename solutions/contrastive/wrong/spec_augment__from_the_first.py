"""Every mask begins with the axis.
hint: spec_augment.fixed_start
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    batch, n_mels, frames = mel.shape
    band = torch.arange(n_mels) < torch.randint(max_mels + 1, (batch, 1), generator=generator)
    span = torch.arange(frames) < torch.randint(max_frames + 1, (batch, 1), generator=generator)
    mask = band[:, :, None] | span[:, None]
    return torch.where(mask, mel.mean((1, 2), keepdim=True), mel)
