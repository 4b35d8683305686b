"""Huge pages for a process that is about to be forked many times.

To fork is to copy the page table, and to end is to clear it. A warm zygote holds some 350 MB in
pages of 4 KiB, 90,000 entries; in pages of 2 MiB the kernel copies one entry for 512 of them and
splits a page only where a worker writes to it.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

_HUGE = 1 << 21
_MADV_COLLAPSE = 25

_libc = ctypes.CDLL(None)


def collapse() -> None:
    """Move what this process has allocated into huge pages, as far as the kernel can.

    Kernels before Linux 6.1 cannot; then, and where no huge page is free, all stays as it is.
    See madvise(2).
    """
    for start, end in _allocated():
        _libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _MADV_COLLAPSE)


def _allocated() -> Iterator[tuple[int, int]]:
    """The private writable memory that is no file's, in whole huge pages."""
    try:
        with open("/proc/self/maps") as maps:
            lines = maps.readlines()
    except OSError:
        return
    for line in lines:
        span, mode, _, _, inode, *_ = line.split()
        if mode != "rw-p" or inode != "0":
            continue
        low, high = (int(address, 16) for address in span.split("-"))
        start, end = -(-low // _HUGE) * _HUGE, high // _HUGE * _HUGE
        if start < end:
            yield start, end
