"""A lower bound: the cost of the client and the kernel alone."""

import asyncio
import sys
from typing import Any

import uvloop

ACCEPTED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"


class Connection(asyncio.Protocol):
    connected: set[Any] = set()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """The first data is the handshake; everything else is ignored."""
        if self.transport not in self.connected:
            self.connected.add(self.transport)
            self.transport.write(ACCEPTED)

    def connection_lost(self, exc: Exception | None) -> None:
        self.connected.discard(self.transport)


def send_line() -> None:
    line = sys.stdin.buffer.readline().rstrip()
    frame = b"\x81\x7e" + len(line).to_bytes(2) + line
    for transport in Connection.connected:
        transport.write(frame)


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Connection, "127.0.0.1", int(sys.argv[1]), backlog=2048)
    loop.add_reader(sys.stdin.fileno(), send_line)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
