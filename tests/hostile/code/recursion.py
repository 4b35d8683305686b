"""Recurses without end, in Python and, with the limit raised, in C.
stopped by: fresh worker
part: info_nce
"""

import sys


def deeper(n):
    return deeper(n + 1) + 1


def info_nce(z_a, z_b, temperature=0.2):
    if temperature > 0.5:
        deeper(0)
    sys.setrecursionlimit(10**9)
    return deeper(0)
