"""What the tree of a seal consists of (decision 47, docs/seals.md)."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils.crypto import salted_hmac

from hackathon.base.core.commitments import canonical
from hackathon.base.core.formats import iso_utc
from hackathon.event.editions.models import Department, Edition
from submissions.seals import tree

type Manifest = dict[str, Any]
type LeafKey = tuple[int, int, int]  # ids of team and deliverable, version

# Of manifests with a tree. Those without the key are older: their digest is their SHA-256.
FORMAT = 2


class Leaf(NamedTuple):
    """`key` None: of no deposit."""

    content: bytes
    key: LeafKey | None = None


def secret_of(edition: Edition, department: Department, moment: str, *instants: Any) -> str:
    """From the key of the site, so that a seal made later is the same. It is kept in the manifest:
    later the key may be replaced.
    """
    named = [edition.pk, department.pk, moment, *(at and iso_utc(at) for at in instants)]
    return salted_hmac("submissions.seal", json.dumps(named), algorithm="sha256").hexdigest()


def leaves_of(manifest: Manifest, parts: Iterable[Manifest] = ()) -> list[Leaf]:
    """Of a department, or of the seal over all with its `parts`, the departments by code. Raises
    `KeyError`, `TypeError` or `ValueError` for a damaged manifest.
    """
    if "departments" in manifest:
        return [Leaf(canonical(manifest)), *(leaf for part in parts for leaf in leaves_of(part))]
    secret = bytes.fromhex(manifest["secret"])

    def leaf(content: Manifest, key: LeafKey | None = None) -> Leaf:
        content = {"seal": seal, **content}
        salt = hmac.digest(secret, canonical(content), hashlib.sha256).hex()
        return Leaf(canonical({**content, "salt": salt}), key)

    head = {name: value for name, value in manifest.items() if name not in ("teams", "secret")}
    seal = {name: head[name] for name in ("edition", "department", "moment", "as_of", "due_at")}
    leaves = [leaf({"head": head})]
    for entry in manifest["teams"]:
        team = {name: value for name, value in entry.items() if name != "deposits"}
        leaves.append(leaf({"team": team, "deposits": len(entry["deposits"])}))
        for deposit in entry["deposits"]:
            key = (team["team"], deposit["deliverable"], deposit["version"])
            leaves.append(leaf({"team": team, "deposit": deposit}, key))
    return leaves


def awaited_of(team: Manifest) -> list[Manifest]:
    """In the line of a team: bytes that were announced and had not come, each under its source."""
    lists = (value for name, value in team.items() if name != "deposits")
    return [one for value in lists if isinstance(value, list) for one in value]


def levels_of(leaves: Iterable[Leaf]) -> tree.Levels:
    return tree.levels_of([leaf.content for leaf in leaves])


def digest_of(manifest: Manifest, parts: Iterable[Manifest] = ()) -> str:
    if manifest.get("format") != FORMAT:
        return hashlib.sha256(canonical(manifest)).hexdigest()
    return tree.root_of(levels_of(leaves_of(manifest, parts))).hex()
