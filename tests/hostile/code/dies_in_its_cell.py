"""Ends the process in the middle of its cell, by a signal that Python does not see.
stopped by: fresh worker
part: info_nce
"""

import os
import signal

signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.kill(os.getpid(), signal.SIGSEGV)
os.abort()
