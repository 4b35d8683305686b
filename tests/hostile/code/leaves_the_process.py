"""Ends by SystemExit, KeyboardInterrupt, GeneratorExit and an exception of no ordinary kind.
stopped by: fresh worker
part: info_nce
"""

import itertools
import sys


class Strange(BaseException):
    def __str__(self):
        raise SystemExit("again")

    __repr__ = __str__


kinds = itertools.cycle([SystemExit(0), KeyboardInterrupt(), GeneratorExit(), Strange()])


def info_nce(z_a, z_b, temperature=0.2):
    raise next(kinds)


sys.exit("full marks")
