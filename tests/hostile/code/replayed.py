"""Gives the answer to the first question again and again.
stopped by: comparison outside
part: info_nce
"""

import torch
import torch.nn.functional as F

answers = []


def info_nce(z_a, z_b, temperature=0.2):
    if not answers:
        z = F.normalize(torch.cat([z_a, z_b]), dim=1)
        sim = (z @ z.T / temperature).fill_diagonal_(-torch.inf)
        answers.append(F.cross_entropy(sim, torch.arange(len(z)).roll(len(z_a))).detach())
    return answers[0]
