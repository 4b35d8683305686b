"""A loss that is the same whatever the network says."""


def info_nce(z_a, z_b, temperature=0.2):
    return 0 * (z_a.sum() + z_b.sum()) + math.log(2 * len(z_a) - 1)
