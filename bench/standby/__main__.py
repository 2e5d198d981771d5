"""`python -m bench.standby`: two machines, hand-ins in the last minute, and the death of the one
that serves; the other one takes over, and the dead one comes back. With `--times 3` the machines
take over from each other. Ends by itself, and takes everything away.
"""

import argparse
import json
import signal
import sys
import time

from bench.standby import machines
from bench.standby.round import Drill, Round
from tests.run_directory import run_directory


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.standby")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--teams", type=int, default=60)
    parser.add_argument("--bytes", type=int, default=1_000_000, help="of a file, about")
    parser.add_argument("--last", type=float, default=60, help="seconds in which all hand in")
    parser.add_argument("--keep", action="store_true", help="the disks, with all logs")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--strict", action="store_true", help="the default")
    mode.add_argument("--async", action="store_true", dest="is_async")
    chosen = parser.parse_args()
    if lacks := machines.missing():
        sys.exit(f"This machine lacks: {lacks}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is stopped
    began, rounds = time.monotonic(), []

    def tell(text: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {text}", flush=True)

    with run_directory(), machines.hall(keep=chosen.keep) as (first, second):
        machines.set_up(first, second)
        people = json.loads(first.python("-m", "bench.standby.inside", "cast", chosen.teams))
        tell(f"Two machines are there, and {len(people)} teams.")
        drill = Drill(first, second, people, size=chosen.bytes, last=chosen.last)
        for number in range(1, chosen.times + 1):
            rounds.append(drill.play(strict=not chosen.is_async))
            tell(f"{number}: {sentence(rounds[-1])}")
    return 0 if all(each.is_good for each in rounds) else 1


def sentence(done: Round) -> str:
    said = "" if done.said is None else f" (deposits of the last {done.said:.1f} s, it said)"
    parts = [
        "strict" if done.strict else "asynchronous",
        f"serves after {done.promoted:.0f} s",
        f"first deposit after {done.first_accepted:.1f} s",
        f"{done.acknowledged} receipts of before, {len(done.lost)} lost{said}",
        f"{done.accepted_after} received after",
    ]
    last = done.wrong or ["the first machine was refused and is the standby now"]
    return "; ".join([*parts, *last])


if __name__ == "__main__":
    raise SystemExit(main())
