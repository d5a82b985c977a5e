"""The image's HEALTHCHECK: asks /healthz on the container's own port, under a host name that the portal accepts."""

import http.client
import os
import sys

PORT = int(os.environ.get("PORT") or 8000)


def main() -> int:
    host = (os.environ.get("ALLOWED_HOSTS") or "127.0.0.1").split(",")[0].strip().lstrip(".")
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=4)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return 0 if connection.getresponse().status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
