"""Returns a generator, a map and a range that never end.
stopped by: the wire
part: info_nce
"""

import itertools


def info_nce(z_a, z_b, temperature=0.2):
    return [itertools.count(), map(str, itertools.count()), iter(int, 1)]
