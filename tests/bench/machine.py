"""The machine that is measured on: which processor does what, how busy it is, how fast its disk answers."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

ENGINE_CPU, PRODUCT_CPU = 0, 1
"""Redis, the stand-ins and whoever asks are on the one; what is measured has the other to itself."""


def pin(cpu: int, pid: int = 0) -> bool:
    """Keep a process with all its threads on one processor; False where the system or the machine cannot."""
    if not hasattr(os, "sched_setaffinity"):
        return False
    try:
        for thread in Path(f"/proc/{pid or os.getpid()}/task").iterdir():
            os.sched_setaffinity(int(thread.name), {cpu})
    except OSError:
        return False
    return True


@contextmanager
def pinned(cpu: int) -> Iterator[None]:
    """This process on one processor for a while."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    pin(cpu)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used; 0 where the system does not tell."""
    if pid == os.getpid():
        return time.process_time()
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_memory(pid: int) -> int:
    """Bytes that a process has held at most; 0 where the system does not tell."""
    # Not getrusage: a child begins with the peak of the process that it was forked from.
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def disk_milliseconds() -> float:
    """The median of small synced writes where the engine keeps its files."""
    took = []
    with tempfile.TemporaryFile() as file:
        for _ in range(50):
            file.write(b"x" * 512)
            file.flush()
            since = time.perf_counter()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - since)
    return 1000 * median(took)
