"""When work stops: signals that ask it to, streams that take nothing more, the time that a notebook has."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

# seconds for a notebook; the longest takes about five
TIME_LIMIT = 600.0
# asked by the user, by the system, or by a terminal that was closed
STOPPING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Take no notice of being asked to stop: for what is done in a moment and must not be done by half."""
    if threading.current_thread() is not threading.main_thread():
        # signals are answered by the main thread
        yield
        return
    handlers = {number: signal.signal(number, signal.SIG_IGN) for number in STOPPING}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def close_stream(stream: TextIO) -> None:
    """Let what is still written to a stream that takes nothing more go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
