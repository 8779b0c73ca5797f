"""The port to what buyers attach: a picture is opened at its address, by whoever guards the way out."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from core.ports.chat import Picture

OpenPicture = Callable[[str, int], AbstractAsyncContextManager[Picture]]
"""An address, and how many bytes at most. Raises `NotFetched`, also where it breaks off while it is read."""
