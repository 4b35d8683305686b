"""Raises messages and returns strings with half characters, which no file can hold.
stopped by: the wire
part: info_nce
"""

calls = []


def info_nce(z_a, z_b, temperature=0.2):
    calls.append("\ud800\udfff\ud83d")
    if len(calls) % 2:
        raise ValueError("\ud800\x00\x1b[31m\u202e" + calls[0])
    return calls[0]
