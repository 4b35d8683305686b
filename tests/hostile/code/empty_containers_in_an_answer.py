"""Answers with lists in lists, each of them nothing but memory.
stopped by: the wire
part: info_nce
"""


def info_nce(z_a, z_b, temperature=0.2):
    return [[[[[] for _ in range(10)] for _ in range(10)] for _ in range(20)] for _ in range(40)]
