"""Real-valued bounds that are never rounded."""


def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    batch, n_mels, frames = mel.shape
    width = torch.rand(batch, 2, generator=generator) * torch.tensor([max_mels, max_frames])
    room = torch.tensor([n_mels, frames]) - width
    start = torch.rand(batch, 2, generator=generator) * room
    stop = start + width
    m, f = torch.arange(n_mels), torch.arange(frames)
    rows = (m >= start[:, :1]) & (m < stop[:, :1])
    columns = (f >= start[:, 1:]) & (f < stop[:, 1:])
    mask = rows.unsqueeze(-1) | columns.unsqueeze(-2)
    return mel.masked_fill(mask, 0) + mask * mel.mean((-2, -1), keepdim=True)
