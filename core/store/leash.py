"""Run a server that dies with its parent. Started as a program of its own, before anything of ours is imported.

    python -I -S leash.py PARENT_PID PIPE LOCK BINARY ARGUMENT…

On Linux the kernel holds the leash. Elsewhere PIPE is the reading end of a pipe whose writing end only the parent
has: a small process waits there, and kills the server when the parent is gone. On Linux PIPE is -1.
"""

import ctypes
import os
import select
import signal
import sys

_PR_SET_PDEATHSIG = 1


def _main() -> None:
    parent, pipe, lock = (int(word) for word in sys.argv[1:4])
    if pipe >= 0:
        _watch_from_aside(pipe, lock)
    else:
        # Not SIGTERM: what was acknowledged is on disk, and the next owner is waiting.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == parent:  # it may have died before the leash was on
        os.execv(sys.argv[4], sys.argv[4:])  # noqa: S606  (no shell is wanted)


def _watch_from_aside(pipe: int, lock: int) -> None:
    server = os.getpid()
    if os.fork() != 0:
        os.close(pipe)
        return
    os.close(lock)  # it must live as long as the server, not as long as this
    while os.getppid() == server:
        readable, _, _ = select.select([pipe], [], [], 0.5)
        if readable:
            os.kill(server, signal.SIGKILL)
            break
    os._exit(0)


if __name__ == "__main__":
    _main()
