from datetime import datetime, timedelta
from types import SimpleNamespace

from hackathon.extras.witness import services
from hackathon.extras.witness.enums import Subject
from hackathon.extras.witness.models import Stamp
from judging.models import Deliberation
from tests.access.roles import EVERYBODY
from tests.conftest import DEADLINE, NOON
from tests.extras import Cases, Rows
from tests.site import live_actions as acts
from tests.site.live_case import Case


def objects(world: Rows) -> Rows:
    stamp = Stamp.objects.create(
        edition=world["edition"],
        subject=Subject.ENVELOPE,
        digest="e" * 64,
        authority="https://a.org/",
        response=b"0",
        stamped_at=NOON,
    )
    return {"stamp": stamp}


def _stamp(w: SimpleNamespace, subject: Subject, digest: str, at: datetime) -> None:
    stamp = Stamp.objects.create(
        edition=w.edition, subject=subject, digest=digest, authority="https://b.org/", next_at=at
    )
    services.keep(stamp, b"0", at, at=at)


def _stamp_a_seal(w: SimpleNamespace, at: datetime) -> None:
    seal = w.edition.seals.filter(department=None).latest("as_of")
    _stamp(w, Subject.SEAL, seal.digest, at)


def _stamp_an_envelope(w: SimpleNamespace, at: datetime) -> None:
    _stamp(w, Subject.ENVELOPE, Deliberation.objects.get().digest, at)


CASES = Cases(
    reads={"witness:stamp": EVERYBODY, "api:stamps": EVERYBODY},
    pk_of={"witness:stamp": "stamp"},
    sentences={
        "stamp.granted": (
            {
                "authority": "stamp.example.org",
                "digest": "a1b2c3d4" * 8,
                "stamped_at": "2020-02-13T22:01:00+00:00",
            },
            "L’autorité stamp.example.org a horodaté l’empreinte a1b2c3d4.",
        ),
    },
    messages={
        "seal.stamped": Case(_stamp_a_seal, DEADLINE + timedelta(hours=1), before=acts.seal),
        "deliberation.stamped": Case(
            _stamp_an_envelope, DEADLINE + timedelta(hours=11), before=acts.decide_and_lock
        ),
    },
    checks={
        "witness.stamps": (
            lambda r: Stamp.objects.create(
                edition=r.edition,
                subject=Subject.SEAL,
                digest="0" * 64,
                authority="https://a.org/",
                attempts=4,
                next_at=NOON,
            ),
            lambda _r: Stamp.objects.all().delete(),
        ),
    },
    objects=objects,
)
