"""Names its cells twice, once for a reader that takes the first and once for the last.
stopped by: reading
deserves: refused
"""


def make(honest: bytes) -> bytes:
    return honest.rstrip()[:-1] + b', "cells": {"length": 1}}'
