"""What libraries do with files that were made to hurt."""

import os
import signal
import time
from pathlib import Path


def hang(_content):
    while True:
        time.sleep(1)


def grow(_content):
    held = []
    while True:
        held.append(bytearray(1 << 24))


def crash(_content):
    os.kill(os.getpid(), signal.SIGSEGV)


def read(path):
    return Path(path).read_text(), []


def surroundings(_content):
    return dict(os.environ), []


def pid(_content):
    return os.getpid(), []
