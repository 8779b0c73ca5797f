"""`python -m bots.playground`: the stand-ins alone, for a Shopbell that is started elsewhere."""

import argparse
import asyncio
import contextlib
import json
import sys

from bots.playground.app import Playground

PORT = 8090


async def serve(host: str, port: int) -> None:
    """Until it is interrupted. Prints the settings for a Shopbell that plays along."""
    async with Playground(host=host, port=port) as playground:
        shown = {"url": playground.url, "settings": playground.settings(), "callback_url": playground.callback_url}
        sys.stdout.write(json.dumps(shown, indent=2) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bots.playground", description="Stand-ins on loopback.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=PORT)
    given = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        try:
            asyncio.run(serve(given.host, given.port))
        except (ValueError, OSError) as error:
            sys.stderr.write(f"{error}\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
