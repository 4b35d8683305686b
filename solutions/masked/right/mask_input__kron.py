"""The mask is stretched by a Kronecker product."""


def mask_input(mel, mask, vector):
    stretched = torch.kron(mask.int(), torch.ones(1, 2, dtype=torch.int)).bool()[:, None]
    return mel.masked_fill(stretched, 0) + vector[:, None] * stretched
