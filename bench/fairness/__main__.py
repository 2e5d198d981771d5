"""`python -m bench.fairness [--juries 500] [--json]`: adjusted means against plain means.

The calibration error is the mean over ten bins of |announced - observed frequency| of pairs.
"""

import argparse
import json
from dataclasses import asdict, dataclass, field

import numpy as np

from bench.fairness.juries import Case, Jury, draw
from judging.ranking.standings import Ranking, rank

CASES = [
    Case(teams=12, jurors=6, readings=3, severity=0.8, error=0.7),
    Case(teams=12, jurors=6, readings=3, severity=1.2, error=0.5),
    Case(teams=12, jurors=6, readings=3, severity=0.0, error=0.7),
    Case(teams=12, jurors=6, readings=3, severity=0.0, error=1.0),
    Case(teams=12, jurors=4, readings=2, severity=0.8, error=0.7),
    Case(teams=20, jurors=10, readings=3, severity=0.8, error=0.7),
    Case(teams=8, jurors=3, readings=3, severity=0.8, error=0.7),
    Case(teams=60, jurors=25, readings=3, severity=0.8, error=0.7),
]
BINS = 10


@dataclass
class Tally:
    """`held`: how often the leading group has the best team."""

    taus: dict[str, list[float]] = field(default_factory=lambda: {"harmonised": [], "mean": []})
    announced: list[float] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    held: list[bool] = field(default_factory=list)

    def add(self, jury: Jury) -> None:
        best = str(int(np.argmax(jury.quality)))
        for method, taus in self.taus.items():
            found = rank(jury.totals, method=method)
            taus.append(_tau(found, jury))
            if method == "harmonised":
                self._probabilities(found, jury)
                self.sizes.append(len(found.groups[0]))
                self.held.append(best in found.groups[0])

    def _probabilities(self, found: Ranking, jury: Jury) -> None:
        for above, below, p in found.pairs():
            self.announced.append(p)
            self.right.append(bool(jury.quality[int(above)] > jury.quality[int(below)]))

    @property
    def calibration_error(self) -> float:
        """Mean over the bins, weighted by the number of pairs."""
        announced, right = np.array(self.announced), np.array(self.right, dtype=float)
        bins = np.minimum(((announced - 0.5) * 2 * BINS).astype(int), BINS - 1)
        gaps = [
            abs(announced[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean()
            for b in np.unique(bins)
        ]
        return float(sum(gaps))

    def summary(self) -> dict[str, float]:
        return {
            "tau": float(np.mean(self.taus["harmonised"])),
            "tau_mean": float(np.mean(self.taus["mean"])),
            "ece": self.calibration_error,
            "group": float(np.mean(self.sizes)),
            "held": float(np.mean(self.held)),
        }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.fairness")
    parser.add_argument("--juries", type=int, default=500)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    lines = []
    for case in CASES:
        tally = Tally()
        for seed in range(chosen.juries):
            tally.add(draw(case, seed))
        lines.append({**asdict(case), **tally.summary()})
        if not chosen.json:
            _print(lines[-1])
    if chosen.json:
        print(json.dumps(lines))


def _print(line: dict[str, float]) -> None:
    print(
        f"{line['teams']:>3} teams {line['jurors']:>3} jurors {line['readings']} readings"
        f"  s {line['severity']:.1f}  e {line['error']:.1f} │ tau {line['tau']:.3f}"
        f" (plain mean {line['tau_mean']:.3f}) │ ece {line['ece']:.3f}"
        f" │ leading group {line['group']:.2f}, holds the best in {line['held']:.0%}",
        flush=True,
    )


def _tau(found: Ranking, jury: Jury) -> float:
    """Kendall's tau-b."""
    ranks = np.array([s.rank for s in found.standings])
    truth = np.array([-jury.quality[int(s.team)] for s in found.standings])
    a, b = (np.sign(x[:, None] - x[None, :]) for x in (ranks, truth))
    return float((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum()))


if __name__ == "__main__":
    main()
