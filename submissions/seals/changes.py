"""What a seal adds to an earlier one of the same deadline, and what it replaces."""

from collections.abc import Iterable, Iterator

from hackathon.base.core.formats import iso_utc
from submissions.models import Seal
from submissions.seals.leaves import Manifest

DIFFERENCES = ("added", "replaced", "removed")


def since(former: Seal | None, manifest: Manifest) -> Manifest | None:
    """For the manifest of a department; None without a former seal. A damaged one does not keep the
    new seal from being made: `changes` are None.
    """
    if former is None:
        return None
    try:
        changes = list(changes_between(former.manifest, manifest))
    except (KeyError, TypeError, AttributeError):
        changes = None
    return {**_named(former), "changes": changes}


def counted_since(former: Seal | None, departments: Iterable[Manifest]) -> Manifest | None:
    """For the manifest over all: numbers of changes, without names."""
    if former is None:
        return None
    changes = [one for m in departments for one in (m["since"] or {}).get("changes") or ()]
    counts = {what: sum(one["what"] == what for one in changes) for what in DIFFERENCES}
    return {**_named(former), **counts}


def _named(former: Seal) -> Manifest:
    return {
        "moment": former.moment,
        "as_of": iso_utc(former.as_of),
        "digest": former.digest,
    }


def changes_between(before: Manifest, after: Manifest) -> Iterator[Manifest]:
    """By team, then by deliverable. A team's own line has no deliverable."""
    was, now = _lines(before), _lines(after)
    for key in sorted(was.keys() | now.keys()):
        old, new = was.get(key), now.get(key)
        if old == new:
            continue
        what = "added" if old is None else "removed" if new is None else "replaced"
        yield {"what": what, "team": key[0], "deliverable": key[1] or None} | {
            "before": old,
            "after": new,
        }


def _lines(manifest: Manifest) -> dict[tuple[int, int], Manifest]:
    lines = {}
    for team in manifest["teams"]:
        own = {name: value for name, value in team.items() if name != "deposits"}
        lines[team["team"], 0] = own
        for deposit in team["deposits"]:
            lines[team["team"], deposit["deliverable"]] = {"of": team["name"], **deposit}
    return lines
