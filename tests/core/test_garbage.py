"""Python's search for garbage in a process that stays."""

import subprocess
import sys

SETTLED = """
import gc, weakref
import core.api.app
from core.garbage import settle

settle()

class Loop: pass
loop = Loop()
loop.itself, ended = loop, weakref.ref(loop)
del loop
print(gc.get_freeze_count() > 10_000, len(gc.get_objects()) < 1_000, gc.collect() > 0, ended() is None)
"""


def test_what_is_loaded_is_left_alone_and_garbage_is_found() -> None:
    """What was there at the start is searched no more; what comes later is."""
    done = subprocess.run([sys.executable, "-c", SETTLED], capture_output=True, text=True, timeout=60, check=True)

    assert done.stdout.split() == ["True"] * 4
