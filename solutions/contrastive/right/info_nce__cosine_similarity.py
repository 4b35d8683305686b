"""F.cosine_similarity by broadcasting, log_softmax, and a gather."""


def info_nce(z_a, z_b, temperature=0.2):
    views = torch.cat([z_a, z_b], 0)
    sim = F.cosine_similarity(views.unsqueeze(1), views.unsqueeze(0), dim=2) / temperature
    sim = sim.masked_fill(torch.eye(len(views)).bool(), float("-inf"))
    log_p = F.log_softmax(sim, dim=1)
    index = torch.roll(torch.arange(len(views)), len(z_a)).unsqueeze(1)
    return -log_p.gather(1, index).squeeze(1).mean()
