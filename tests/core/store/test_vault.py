"""The vault: a secret of one's own that is made once, whatever else starts meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from core.store.vault import keep_master, masters_of

AT_ONCE = 8


def test_who_starts_beside_another_reads_the_same_secret(tmp_path: Path) -> None:
    """Of several that find none one makes it, and each has it whole; nothing else stays behind."""
    for time in range(20):
        path = tmp_path / f"secret-{time}"
        barrier = Barrier(AT_ONCE)

        def start(path: Path = path, barrier: Barrier = barrier) -> str:
            barrier.wait()
            return keep_master(path)

        with ThreadPoolExecutor(AT_ONCE) as starting:
            found = {each.result() for each in [starting.submit(start) for _ in range(AT_ONCE)]}

        assert len(found) == 1
        assert masters_of(*found) == tuple(found)
        assert path.stat().st_mode & 0o777 == 0o600

    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(f"secret-{time}" for time in range(20))
