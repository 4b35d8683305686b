"""One anchor's loss, mapped over anchors by torch.vmap."""


def info_nce(z_a, z_b, temperature=0.2):
    n = len(z_a)
    views = F.normalize(torch.cat([z_a, z_b]), dim=1)

    def anchor_loss(i, partner):
        logits = views @ views[i] / temperature
        hidden = torch.arange(2 * n) == i
        others = torch.where(hidden, torch.finfo(logits.dtype).min, logits)
        return torch.logsumexp(others, 0) - logits[partner]

    index = torch.arange(2 * n)
    return torch.vmap(anchor_loss)(index, (index + n) % (2 * n)).mean()
