"""One clip's mask, mapped over the batch by torch.vmap."""


def time_mask(wave, max_fraction=0.125, generator=None):
    samples = torch.arange(wave.shape[1])

    def one(clip, share, place):
        length = torch.floor(share * (int(max_fraction * len(samples)) + 1))
        start = torch.floor(place * (len(samples) - length + 1))
        return torch.where((samples >= start) & (samples < start + length), 0.0, clip)

    shares = torch.rand(2, len(wave), generator=generator)
    return torch.vmap(one)(wave, *shares).to(wave.dtype)
