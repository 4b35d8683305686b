"""Returns an object whose `__reduce__` would run a program in whoever unpickles it.
stopped by: the wire
part: info_nce
"""

import os


class Program:
    def __reduce__(self):
        return os.system, ("touch @COURSE@/reduced",)

    def __reduce_ex__(self, version):
        return self.__reduce__()

    __getstate__ = __reduce__
    __deepcopy__ = __copy__ = lambda self, *_: self


def info_nce(z_a, z_b, temperature=0.2):
    return [Program(), {"loss": Program()}]
