"""Single cells are masked.
hint: spec_augment.scattered
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    mask = torch.rand(mel.shape, generator=generator) < 0.15
    return torch.where(mask, mel.mean((1, 2), keepdim=True), mel)
