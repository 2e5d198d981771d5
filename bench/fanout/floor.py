"""Nothing but the bytes: each connection is answered 101, each line of standard input is framed
once and written to all. What this takes is the client's and the kernel's, not a server's.
"""

import asyncio
import sys
from typing import Any

import uvloop

ACCEPTED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"


class Connection(asyncio.Protocol):
    """One socket."""

    everybody: set[Any] = set()

    def connection_made(self, transport: Any) -> None:
        """Remember it."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """The handshake; nothing else is said."""
        if self.transport not in self.everybody:
            self.everybody.add(self.transport)
            self.transport.write(ACCEPTED)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self.everybody.discard(self.transport)


def say() -> None:
    """Send the next line to everybody."""
    line = sys.stdin.buffer.readline().rstrip()
    frame = b"\x81\x7e" + len(line).to_bytes(2) + line
    for transport in Connection.everybody:
        transport.write(frame)


async def main() -> None:
    """Serve until killed."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Connection, "127.0.0.1", int(sys.argv[1]), backlog=2048)
    loop.add_reader(sys.stdin.fileno(), say)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
