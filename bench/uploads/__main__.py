"""`python -m bench.uploads`: throughput of uploads, medians of five rounds (`--rounds`).

Ours is set up as in production. Tasks are queued, but no worker runs.
"""

import argparse
import json
import os
import statistics
from contextlib import ExitStack

from bench.uploads import servers
from bench.uploads.client import send_all
from bench.uploads.people import prepare

MB = 1_000_000
MIB = 1024 * 1024
CASES = {
    "60 × 20 MB, 4 MiB chunks": (60, 20 * MB, 4 * MIB),
    "60 × 20 MB, 16 MiB chunks": (60, 20 * MB, 16 * MIB),
    "1 × 500 MB, 16 MiB chunks": (1, 500 * MB, 16 * MIB),
}
# `kept`: with the same promises as ours, SHA-256 of every byte and synced before the last answer.
NAMES = ["uvicorn 1", "uvicorn 2", "@tus/server kept", "@tus/server", "nginx"]
PEERS = NAMES[2:]


def main() -> None:
    options = argparse.ArgumentParser(prog="bench.uploads")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--servers", nargs="+", default=NAMES)
    options.add_argument("--cases", nargs="+", type=int, default=[0, 1, 2])
    chosen = options.parse_args()
    if servers.TUS.keys() & set(chosen.servers):
        servers.require_packages(servers.HERE)
    cases = [list(CASES.items())[index] for index in chosen.cases]
    figures: dict[str, dict[str, list[float]]] = {}
    with ExitStack() as stack:
        data, env = servers.production(stack)
        people = prepare()
        running = [stack.enter_context(servers.running(name, data, env)) for name in chosen.servers]
        for case, (count, size, chunk) in cases:
            source = data / "source"
            source.write_bytes(os.urandom(size))
            figures[case] = {server.name: [] for server in running}
            for _ in range(chosen.rounds):
                for server in running:
                    os.sync()
                    with server.watched():
                        seconds = send_all(server.jobs(count, chunk, people), source)
                    figures[case][server.name].append(count * size / MB / seconds)
                    server.empty()
        gigabytes = chosen.rounds * sum(count * size for _, (count, size, _) in cases) / 1e9
        spent = {s.name: (s.cpu / gigabytes, s.database_cpu / gigabytes) for s in running}
        _report(figures, {server.name: server.peak_mb for server in running}, spent)


def _report(
    figures: dict[str, dict[str, list[float]]],
    peaks: dict[str, float],
    spent: dict[str, tuple[float, float]],
) -> None:
    for case, by_server in figures.items():
        print(f"\n{case}")
        medians = {name: statistics.median(runs) for name, runs in by_server.items()}
        for name, runs in by_server.items():
            ratios = [
                f"{medians[name] / medians[other]:.2f} × {other}"
                for other in PEERS
                if other in medians and other != name
            ]
            spread = f"{min(runs):.0f} to {max(runs):.0f}"
            print(f"  {name:16} {medians[name]:6.0f} MB/s ({spread})  {', '.join(ratios)}")
    print("\nPeak memory, all cases (RSS, with children)")
    for name, peak in peaks.items():
        print(f"  {name:16} {peak:6.0f} MB")
    print("\nCPU seconds per gigabyte, all cases (server, its databases)")
    for name, (server, databases) in spent.items():
        print(f"  {name:16} {server:6.2f} {databases:6.2f}")
    print(json.dumps({"throughput_mb_s": figures, "peak_mb": peaks, "cpu_s_per_gb": spent}))


if __name__ == "__main__":
    main()
