"""Returns integers that no float and no parser takes.
stopped by: the wire
part: info_nce
"""

import itertools

sizes = itertools.cycle([400, 5000, 100_000])


def info_nce(z_a, z_b, temperature=0.2):
    return 10 ** next(sizes)
