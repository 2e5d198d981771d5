"""Inclusion proofs of deposits: that a receipt is in a seal (decision 47, docs/seals.md)."""

import base64
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from hackathon.base.core.commitments import canonical
from hackathon.base.core.errors import NotFound, Refused, refuse
from hackathon.base.core.formats import day_time
from hackathon.event.editions.selectors import AnyUser
from hackathon.extras.proofs.errors import ProofRefusal
from submissions.models import Seal, Submission
from submissions.seals import leaves, selectors, tree
from submissions.seals.tree import Levels
from submissions.storage import deposits_storage
from submissions.versions.selectors import get_submission_for

BLOCKS_MAX = 1024  # of the digests that tell where a file differs
BLOCK_BYTES_MIN = 1024
DIGITS_MIN = 16  # of a digest: what a projector shows of it


@dataclass(frozen=True)
class Proof:
    """`nodes`: from the hash of the leaf to the root, all that is computed on the way."""

    seal: Seal
    leaf: bytes
    index: int
    tree_size: int
    path: list[bytes]
    nodes: list[bytes]

    def as_dict(self) -> dict[str, Any]:
        return {
            "leaf": base64.b64encode(self.leaf).decode(),
            "index": self.index,
            "tree_size": self.tree_size,
            "path": [one.hex() for one in self.path],
            "root": self.nodes[-1].hex(),
        }


class SealTree:
    """Of a seal over all and its parts, by code. Raises `KeyError`, `TypeError` or `ValueError` for
    a damaged manifest.
    """

    def __init__(self, seal: Seal, parts: Sequence[Seal]) -> None:
        self.seal = seal
        self.leaves = leaves.leaves_of(seal.manifest, [part.manifest for part in parts])

    @cached_property
    def indices(self) -> dict[leaves.LeafKey, int]:
        return {leaf.key: at for at, leaf in enumerate(self.leaves) if leaf.key is not None}

    @cached_property
    def levels(self) -> tree.Levels:
        return leaves.levels_of(self.leaves)

    @property
    def is_intact(self) -> bool:
        return tree.root_of(self.levels).hex() == self.seal.digest

    def proof(self, index: int) -> Proof:
        path, nodes = path_of(self.levels, index), nodes_of(self.levels, index)
        return Proof(self.seal, self.leaves[index].content, index, len(self.leaves), path, nodes)


def proofs_of(submission: Submission, *, at: datetime) -> list[Proof]:
    """In each seal that has it, the newest first. The caller checks the right of access. Raises
    `Refused` if there is none. One query; four if it is refused.
    """
    key = (submission.team_id, submission.deliverable_id, submission.version)
    found, damaged, old = [], False, False
    for over_all, parts in _sets(submission.team.edition_id):
        if over_all.manifest.get("format") != leaves.FORMAT:
            old = True
            continue
        try:
            sealed = SealTree(over_all, parts)
            if (index := sealed.indices.get(key)) is None:
                continue
            if sealed.is_intact:
                found.append(sealed.proof(index))
                continue
        except (KeyError, TypeError, ValueError, AttributeError):
            pass
        damaged = True
    if not found:
        raise Refused(_refusal(submission, damaged=damaged, old=old, at=at))
    return found


def _sets(edition_pk: int) -> Iterator[tuple[Seal, list[Seal]]]:
    """Seals over all with their parts by code, the newest first; one query."""
    parts: dict[Any, list[Seal]] = defaultdict(list)
    seals = Seal.objects.filter(edition=edition_pk).select_related("department")
    over_all = []
    for seal in seals.order_by("-made_at", "-as_of", "-pk"):
        if seal.department is None:
            over_all.append(seal)
        else:
            parts[seal.moment, seal.as_of, seal.due_at].append(seal)
    for seal in over_all:
        own = parts[seal.moment, seal.as_of, seal.due_at]
        yield seal, sorted(own, key=lambda part: str(part.manifest.get("department")))


def _refusal(submission: Submission, *, damaged: bool, old: bool, at: datetime) -> Any:
    edition = submission.team.edition
    if damaged:
        return refuse(ProofRefusal.SEAL_DAMAGED)
    due = submission.deliverable.due_at
    awaited = [seal for seal in selectors.seals_to_make(edition, at=at) if seal.due_at == due]
    if awaited:
        instant = day_time(awaited[0].as_of.astimezone(edition.zone))
        return refuse(ProofRefusal.NOT_SEALED_YET, instant=instant)
    return refuse(ProofRefusal.SEAL_WITHOUT_TREE if old else ProofRefusal.NOT_SEALED)


def get_submission(user: AnyUser, slug: str, pk: int) -> Submission:
    """For the team and organizers. Raises `NotFound`."""
    submission = get_submission_for(user, pk)
    if submission.team.edition.slug != slug:
        raise NotFound
    return submission


def is_sealed(submission: Submission) -> bool:
    """Whether a seal may have it; one query."""
    seals = Seal.objects.filter(edition=submission.team.edition_id, department=None)
    return seals.filter(as_of__gte=submission.received_at).exists()


def has_tree(seal: Seal) -> bool:
    return seal.department is None and seal.manifest.get("format") == leaves.FORMAT


def seals_with_tree(digests: Collection[str]) -> list[Seal]:
    """Those over all; one query."""
    seals = Seal.objects.filter(digest__in=digests, department=None).select_related("edition")
    return [seal for seal in seals if has_tree(seal)]


def get_seal(slug: str, pk: int) -> Seal:
    """Public: it names no team. Raises `NotFound`."""
    seal = Seal.objects.filter(edition__slug=slug, department=None, pk=pk).first()
    if seal is None or not has_tree(seal):
        raise NotFound
    return seal


def file_of(seal: Seal) -> bytes:
    """The manifest over all with its inclusion proof. One query."""
    try:
        head = SealTree(seal, selectors.parts_of(seal)).proof(0).as_dict()
    except (KeyError, TypeError, ValueError, AttributeError):
        head = {"leaf": ""}  # of a damaged seal there is none
    del head["leaf"]
    return canonical({"manifest": seal.manifest, **head})


def document(submission: Submission, proofs: Sequence[Proof]) -> dict[str, Any]:
    """What the page « Prouver » and `verify_proof.py` read. Reads the file once."""
    return {
        "proofs": [
            {
                **proof.as_dict(),
                "nodes": [node.hex() for node in proof.nodes],
                "receipt": proof.leaf.decode(),
            }
            for proof in proofs
        ],
        "blocks": _blocks(submission),
    }


def _blocks(submission: Submission) -> dict[str, Any] | None:
    """Digests of the blocks of the content, to find where another file differs. They are in no
    seal. None if the content is not what was received.
    """
    size = BLOCK_BYTES_MIN
    while size * BLOCKS_MAX < submission.size:
        size *= 2
    whole, digests = hashlib.sha256(), []
    try:
        for block in _content(submission, size):
            whole.update(block)
            digests.append(hashlib.sha256(block).hexdigest())
    except deposits_storage().read_errors:
        return None
    if whole.hexdigest() != submission.sha256:
        return None
    return {"size": size, "digests": digests}


def _content(submission: Submission, size: int) -> Iterator[bytes]:
    if not submission.file:
        content = (submission.url or submission.text).encode()
        yield from (content[at : at + size] for at in range(0, len(content), size))
        return
    with submission.file.open("rb") as file:
        while block := file.read(size):
            yield block


def nodes_of(levels: Levels, index: int) -> list[bytes]:
    """The hashes on the way from the leaf to the root, both included."""
    nodes = [levels[0][index]]
    for level in levels[1:]:
        index //= 2
        if level[index] != nodes[-1]:  # not one that went up as it is
            nodes.append(level[index])
    return nodes


def path_of(levels: Levels, index: int) -> list[bytes]:
    """The inclusion proof of the leaf: the siblings of its way to the root, from below."""
    path = []
    for level in levels[:-1]:
        if (sibling := index ^ 1) < len(level):
            path.append(level[sibling])
        index //= 2
    return path
