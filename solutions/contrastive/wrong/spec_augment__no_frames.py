"""Only the mel band is masked.
hint: spec_augment.no_frame_span
"""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    batch, n_mels, _ = mel.shape
    width = torch.randint(max_mels + 1, (batch, 1), generator=generator)
    start = (torch.rand(batch, 1, generator=generator) * (n_mels - width + 1)).long()
    at = torch.arange(n_mels)
    mask = (at >= start) & (at < start + width)
    return torch.where(mask[:, :, None], mel.mean((1, 2), keepdim=True), mel)
