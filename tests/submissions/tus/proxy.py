"""A TCP proxy that cuts and reorders connections at random, with a seed."""

import asyncio
import contextlib
import random
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

READ_BYTES = 64 * 1024


@dataclass
class Fate:
    # What happens to a connection, after a number of bytes.
    #
    # `cut`: it breaks after these bytes of the client. `unanswered`: after these of the answer.
    # `late`: it breaks for the client, and what it had sent arrives when the next connection has
    # reached the server. `silent`: it breaks for the client only, and the server does not notice.

    kind: str
    after: int
    happened: bool = False


class Broken(Exception):
    # With the bytes that are still to be forwarded.
    pass


class Ended(Exception):
    pass


class Proxy:
    # Forwards to `port`, and breaks connections until it has broken `cuts` of them.

    def __init__(self, port: int, *, seed: int, cuts: int) -> None:
        self.broken: Counter[str] = Counter()
        self.port = 0
        self._target = port
        self._chance = random.Random(seed)
        self._cuts = cuts
        self._silent: list[asyncio.StreamWriter] = []
        self._next_connection = asyncio.Event()  # one for each wait

    async def serve(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        fate = self._fate()
        server, to_server = await asyncio.open_connection("127.0.0.1", self._target)
        self._next_connection.set()
        self._next_connection = asyncio.Event()
        answered = None if fate.kind != "unanswered" else fate
        late = b""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._forward(client, to_server, None if answered else fate))
                group.create_task(self._forward(server, to_client, answered))
        except* Broken as broken:
            to_client.transport.abort()
            (late,) = broken.exceptions[0].args
        except* (ConnectionError, Ended):
            pass
        to_client.close()
        if fate.kind == "silent" and fate.happened:
            self._silent.append(to_server)
            return
        if late:
            await self._next_connection.wait()
            to_server.write(late)
        to_server.close()

    def _fate(self) -> Fate:
        chance = self._chance
        kind = chance.choices(["cut", "unanswered", "late", "silent"], [55, 20, 17, 8])[0]
        # Sometimes in the headers, mostly in the body.
        bounds = (1, 600) if chance.random() < 0.2 else (600, 250_000)
        if kind == "unanswered":
            bounds = (1, 300)
        elif kind == "silent":
            bounds = (1, 20_000)
        return Fate(kind, chance.randrange(*bounds))

    async def _forward(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, fate: Fate | None
    ) -> None:
        forwarded = 0
        while data := await source.read(READ_BYTES):
            forwarded += len(data)
            broken = fate if fate and forwarded > fate.after else None
            if broken and self.broken.total() < self._cuts:
                self.broken[broken.kind] += 1
                broken.happened = True
                data = data[: len(data) - (forwarded - broken.after)]
                if broken.kind == "late":
                    raise Broken(data)
                sink.write(data)
                raise Broken(b"")
            sink.write(data)
            await sink.drain()
        raise Ended

    async def run(self, started: threading.Event, ending: asyncio.Event) -> None:
        async with await asyncio.start_server(self.serve, "127.0.0.1", 0) as server:
            self.port = server.sockets[0].getsockname()[1]
            started.set()
            await ending.wait()
            self._next_connection.set()
            for writer in self._silent:
                writer.transport.abort()
            server.abort_clients()


@contextlib.contextmanager
def bad_network(port: int, *, seed: int, cuts: int) -> Iterator[Proxy]:
    proxy = Proxy(port, seed=seed, cuts=cuts)
    started, ending = threading.Event(), asyncio.Event()
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        thread = threading.Thread(target=loop.run_until_complete, args=[proxy.run(started, ending)])
        thread.start()
        try:
            assert started.wait(60)
            yield proxy
        finally:
            loop.call_soon_threadsafe(ending.set)
            thread.join(60)
