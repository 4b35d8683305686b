"""Reads address 0.
stopped by: fresh worker
part: info_nce
"""

import ctypes


def info_nce(z_a, z_b, temperature=0.2):
    return ctypes.string_at(0)
