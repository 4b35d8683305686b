"""Is lists in lists, deeper than any parser follows.
stopped by: reading
deserves: refused
"""


def make(honest: bytes) -> bytes:
    return b'{"nbformat": 4, "cells": ' + b"[" * 1_000_000
