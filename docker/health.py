"""Exit 0 when Shopbell in this container answers that it is well; what the image's HEALTHCHECK runs."""

import http.client
import os
import sys

SECONDS = 4


def main() -> int:
    host, _, port = os.environ.get("SHOPBELL_LISTEN", "127.0.0.1:8080").rpartition(":")
    if host in {"", "0.0.0.0", "[::]"}:  # noqa: S104 - where it listens, not where we do
        host = "127.0.0.1"
    connection = http.client.HTTPConnection(host.strip("[]"), int(port), timeout=SECONDS)
    try:
        connection.request("GET", "/health")
        answer = connection.getresponse()
        sys.stdout.write(answer.read(2000).decode(errors="replace"))
    except OSError as error:
        sys.stdout.write(f"no answer on {host}:{port}: {error}\n")
        return 1
    return 0 if answer.status == http.client.OK else 1


if __name__ == "__main__":
    sys.exit(main())
