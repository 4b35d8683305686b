"""Returns lists in lists without end, and one that holds itself.
stopped by: the wire
part: info_nce
"""

loop: list[object] = []
loop.append(loop)
deep: object = 0.0
for _ in range(900):
    deep = [deep]


def info_nce(z_a, z_b, temperature=0.2):
    return [loop, deep, {"a": {"b": deep}}]
