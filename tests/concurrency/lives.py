"""A server with many lives: imported once, forked anew whenever one of its lives ends.

    python -m tests.concurrency.lives PORT

Says the process id of each life. Ends, and its life with it, on SIGTERM or when nobody reads.
"""

import os
import signal
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hackathon.settings")

import uvicorn

from hackathon.asgi import application


def live(port: int) -> None:
    """One life."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    uvicorn.run(
        application, port=port, access_log=False, log_level="warning", timeout_graceful_shutdown=2
    )


def main(port: int) -> None:
    """Life after life."""
    life = 0

    def end(*_: object) -> None:
        os.kill(life, signal.SIGTERM)
        os.waitpid(life, 0)
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    while True:
        if (life := os.fork()) == 0:
            live(port)
            os._exit(0)
        print(life, flush=True)
        os.waitpid(life, 0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
