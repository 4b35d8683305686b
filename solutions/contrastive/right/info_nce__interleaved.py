"""Views of a clip stand side by side; the partner is the neighbour."""


def info_nce(z_a, z_b, temperature=0.2):
    z = torch.stack([z_a, z_b], dim=1).flatten(0, 1)
    z = F.normalize(z, dim=-1)
    logits = torch.mm(z, z.t()) / temperature
    logits[torch.eye(len(z), dtype=torch.bool)] = -1e9
    labels = torch.arange(len(z)) ^ 1
    return F.cross_entropy(logits, labels, reduction="mean")
