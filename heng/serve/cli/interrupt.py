"""Ctrl-C 随时有效 · Ctrl-C works at once, also while the engine is deep in a query and Python cannot listen.

The signal wakes a watcher; when the command has not ended a moment later, the watcher ends the process. That is safe:
the store survives being killed at any moment.
"""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

GRACE = 1.0
"""等命令自己结束的秒数 · Seconds that the command has to end by itself."""
CODE = 130


@contextmanager
def interruptible(last_words: str) -> Iterator[threading.Event]:
    """在此期间 Ctrl-C 有效 · The event is set once Ctrl-C was pressed; `last_words` go to stderr when the process must be ended."""
    pressed, ended = threading.Event(), threading.Event()
    if os.name == "nt" or threading.current_thread() is not threading.main_thread():
        yield pressed
        return
    read, write = os.pipe()
    os.set_blocking(write, False)
    before = signal.set_wakeup_fd(write, warn_on_full_buffer=False)

    def watch() -> None:
        if signal.SIGINT in os.read(read, 1):
            pressed.set()
            if not ended.wait(GRACE):
                os.write(2, f"\n{last_words}\n".encode())
                os._exit(CODE)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield pressed
    finally:
        ended.set()
        signal.set_wakeup_fd(before)
        os.close(write)
        watcher.join()
        os.close(read)
