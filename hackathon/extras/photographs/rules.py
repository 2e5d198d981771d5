from collections.abc import Sequence

from hackathon.base.core.errors import Refusal, refuse
from hackathon.base.core.file_types import PICTURES
from hackathon.extras.photographs.enums import State
from hackathon.extras.photographs.errors import PhotographRefusal

MEGABYTE = 1_000_000
MAX_BYTES = 25 * MEGABYTE
PHOTOGRAPHS_MAX = 100  # of an edition
AT_ONCE = 40  # in one form: half a minute of work
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


def state_of(
    teams: Sequence[Sequence[bool | None]], *, shows_nobody: bool, results_are_public: bool
) -> State:
    """`teams`: of each team that is named, the answers of its members; None: not answered."""
    if not teams and not shows_nobody:
        return State.UNNAMED
    answers = [answer for members in teams for answer in members]
    if False in answers:
        return State.REFUSED
    if None in answers or not all(teams):  # a team without members cannot agree
        return State.WAITING
    return State.SHOWN if results_are_public else State.LATER


def file_refusal(filename: str, size: int, kind: str, head: bytes) -> Refusal | None:
    """`kind`: by `file_types.type_of`; `head`: the first 12 bytes."""
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        return refuse(PhotographRefusal.HEIC, filename=filename)
    if kind not in PICTURES:
        return refuse(PhotographRefusal.KIND, filename=filename)
    if size > MAX_BYTES:
        return refuse(PhotographRefusal.TOO_LARGE, filename=filename, max=MAX_BYTES // MEGABYTE)
    return None


def keeping_refusal(filename: str, *, number: int, is_known: bool) -> Refusal | None:
    """`number`: of photographs that the edition has."""
    if is_known:
        return refuse(PhotographRefusal.TWICE, filename=filename)
    if number >= PHOTOGRAPHS_MAX:
        return refuse(PhotographRefusal.TOO_MANY, filename=filename, max=PHOTOGRAPHS_MAX)
    return None


def naming_refusal(*, names_teams: bool, shows_nobody: bool) -> Refusal | None:
    is_both = names_teams and shows_nobody
    return refuse(PhotographRefusal.NAMED_AND_NOBODY) if is_both else None


def answer_refusal(*, is_member: bool) -> Refusal | None:
    return None if is_member else refuse(PhotographRefusal.NOT_MEMBER)
