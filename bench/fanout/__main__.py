"""`python -m bench.fanout`: delivery of live messages, medians of three rounds (`--rounds`).

The servers hold their sockets at the same time and send in turn, so that other load on the machine
affects all of them.
"""

import argparse
import json
import statistics
import time
from contextlib import ExitStack
from typing import Any

from bench.fanout import servers
from bench.fanout.servers import Client, Server
from bench.uploads.servers import require_packages

IN_TURN = ["floor", "ws", "ours", "socket.io"]
MISSED = 20


def main() -> None:
    options = argparse.ArgumentParser(prog="bench.fanout")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--sockets", nargs="+", type=int, default=[500, 2000, 6000])
    options.add_argument("--messages", type=int, default=20)
    options.add_argument("--servers", nargs="+", default=IN_TURN)
    options.add_argument("--reconnections", type=int, default=2000)
    chosen = options.parse_args()
    if {"ws", "socket.io"} & set(chosen.servers):
        require_packages(servers.HERE)
    with ExitStack() as stack:
        cookies = servers.production(stack)
        figures: dict[int, dict[str, list[dict[str, Any]]]] = {}
        for count in chosen.sockets:
            found = figures[count] = {name: [] for name in chosen.servers}
            for _ in range(chosen.rounds):
                for name, run in measure(chosen.servers, count, chosen.messages, cookies).items():
                    found[name].append(run)
            report(count, found)
        reconnected = reconnections(chosen.reconnections, cookies) if chosen.reconnections else {}
    print(json.dumps({"fanout": figures, "reconnections": reconnected}))


def measure(
    names: list[str], count: int, messages: int, cookies: list[str]
) -> dict[str, dict[str, Any]]:
    with ExitStack() as stack:
        pairs: list[tuple[Server, Client, dict[str, Any]]] = []
        for name in names:
            server = stack.enter_context(servers.running(name))
            with servers.connected(server, 50, cookies):
                pass  # loads what the first connections need
            memory_before, queries_before = server.memory, queries(server)
            client = stack.enter_context(servers.connected(server, count, cookies))
            time.sleep(1.5)
            run = {
                "opened_in": client.opened_in,
                "kb_per_socket": (server.memory - memory_before) / 1000 / count,
                "queries_to_connect": queries(server) - queries_before,
            }
            pairs.append((server, client, run))
        for server, client, _ in pairs:
            server.send()  # the first message is not counted
            time.sleep(1.5)
            client.report()
        for server, _, run in pairs:
            run["cpu"], run["queries"] = server.cpu, queries(server)
        in_turn(pairs, messages)
        for server, client, run in pairs:
            run["cpu"] = server.cpu - run["cpu"]
            run["queries"] = queries(server) - run["queries"]
            run |= summary(client.report(), count, messages)
        return {server.name: run for server, _, run in pairs}


def in_turn(pairs: list[tuple[Server, Client, dict[str, Any]]], messages: int) -> None:
    """One message per second, by one server after the other."""
    begun = time.monotonic()
    for number in range(messages):
        for place, (server, _, _) in enumerate(pairs):
            due = begun + number + place / len(pairs)
            time.sleep(max(0.0, due - time.monotonic()))
            server.send()
    time.sleep(3)


def summary(received: dict[str, Any], count: int, messages: int) -> dict[str, Any]:
    """Milliseconds from sending to receiving; lost and repeated messages."""
    latencies = [nanoseconds / 1e6 for nanoseconds in received["latencies"]] or [float("nan")]

    def quantile(share: float) -> float:
        return latencies[min(len(latencies) - 1, int(share * len(latencies)))]

    return {
        "p50": quantile(0.5),
        "p99": quantile(0.99),
        "max": latencies[-1],
        "lost": sum(max(0, messages - number) for number in received["received"])
        + count
        - len(received["received"]),
        "twice": sum(max(0, number - messages) for number in received["received"]),
        "lost_connections": received["lost_connections"],
    }


def queries(server: Server) -> int:
    return server.queries if server.name == "ours" else 0


def report(count: int, found: dict[str, list[dict[str, Any]]]) -> None:
    print(f"\n{count} sockets")
    medians = {
        name: {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        for name, runs in found.items()
        if runs
    }
    for name, line in medians.items():
        spread = [run["p99"] for run in found[name]]
        print(
            f"  {name:10} p50 {line['p50']:6.1f}  p99 {line['p99']:6.1f} ms"
            f" ({min(spread):.1f} to {max(spread):.1f})  max {line['max']:6.1f}"
            f"  lost {line['lost']:.0f}  twice {line['twice']:.0f}"
            f"  {line['kb_per_socket']:5.1f} kB/socket  CPU {line['cpu']:.2f} s"
            f"  opened in {line['opened_in']:.1f} s"
        )
    if "ours" in medians:
        for other in ("ws", "socket.io"):
            if other in medians:
                ratios = [
                    ours["p99"] / its["p99"]
                    for ours, its in zip(found["ours"], found[other], strict=True)
                ]
                print(f"  ours ÷ {other}: {statistics.median(ratios):.2f} (p99)")
        ours = medians["ours"]
        print(
            f"  ours: {ours['queries_to_connect']:.0f} queries for {count} connections,"
            f" {ours['queries']:.0f} while the messages went out (one a second)"
        )


def reconnections(count: int, cookies: list[str]) -> dict[str, float]:
    """Kills the server, publishes messages, restarts it, and lets all clients reconnect at once."""
    from hackathon.base.live.messages import last_id

    with servers.running("ours") as server:
        with servers.connected(server, count, cookies):
            server.send()
            after = last_id()

        def publish_missed() -> None:
            for _ in range(MISSED):
                server.send()

        server.restart(publish_missed)
        queries_before = server.queries
        client = Client(server, count, cookies, after=after)
        received = client.report()["received"]
        result = {
            "seconds": client.opened_in,
            "caught_up": sum(number >= MISSED for number in received),
            "queries": server.queries - queries_before,
        }
        client.close()
    print(
        f"\n{count} reconnections at once after a restart, {MISSED} messages missed: all back in"
        f" {result['seconds']:.1f} s, {result['caught_up']} caught up,"
        f" {result['queries']:.0f} queries"
    )
    return result


if __name__ == "__main__":
    main()
