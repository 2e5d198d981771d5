"""Which of the two servers may serve. Sentences are for the operator, in English."""

from dataclasses import dataclass

NAME_CHARS = 60  # of `Standby.server`
MAX_EPOCH = 1_000_000  # each takeover raises it by one
FOLLOWS = (
    "The database of this server follows that of the other one, so it does not serve. To take "
    "over: deploy/standby promote."
)


@dataclass(frozen=True)
class Claim:
    """What a server knows. `server` serves in `epoch`; `serving`: it is the one that answers."""

    server: str
    epoch: int
    serving: bool


NEW = Claim("", 0, serving=True)  # of a database that never had a second server


def is_possible(claim: Claim) -> bool:
    """Otherwise it could not be stored, or no later epoch could."""
    return len(claim.server) <= NAME_CHARS and 0 <= claim.epoch <= MAX_EPOCH


def is_elsewhere(own: Claim, name: str) -> bool:
    """`name`: of this server."""
    return own.server not in ("", name)


def is_outdated(own: Claim, peer: Claim | None, *, name: str) -> bool:
    """Another server has taken over, and this one did not learn it from its own database."""
    return peer is not None and peer.epoch > own.epoch and peer.server != name


def stop_reason(own: Claim, peer: Claim | None, *, name: str) -> str:
    """Empty: it may go on. A peer that does not answer is no reason to stop."""
    newest = peer if peer is not None and is_outdated(own, peer, name=name) else own
    if not is_elsewhere(newest, name):
        return "" if own.serving else FOLLOWS
    return (
        f"The server « {newest.server} » serves (epoch {newest.epoch}): this one, « {name} », does "
        "not. Make it the second server: deploy/standby rejoin."
    )


def start_refusal(own: Claim, peer: Claim | None, *, name: str, alone: bool) -> str:
    """Empty: it may start. `alone`: somebody has made sure that a silent peer does not serve, or it
    goes on: it was allowed to start since its machine did.
    """
    if reason := stop_reason(own, peer, name=name):
        return reason
    if peer is None:
        return (
            ""
            if alone
            else "The other server (CCD_PEER) does not answer, so it may be serving. Once you are "
            "sure that it is off, or does not serve: deploy/standby serve --alone."
        )
    if peer.serving and peer.server != name:
        return (
            f"The server « {peer.server} » still serves (epoch {peer.epoch}). Stop it first: two "
            "servers that serve would both accept deposits."
        )
    return ""
