import hashlib
from datetime import datetime
from typing import Any

from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.extras.promises import addresses, codes, services
from hackathon.extras.promises.addresses import Key
from hackathon.extras.promises.codes import Typed
from hackathon.extras.promises.models import Promise, TeamKey
from submissions.models import Deliverable
from teams.models import Team
from tests.conftest import NOON
from tests.extras.promises.typed_codes import encode
from tests.submissions.conftest import PDF


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def promise(
    team: Team, deliverable: Deliverable, content: bytes = PDF, *, at: datetime = NOON, **more: Any
) -> Promise:
    return services.make(
        team.pk,
        deliverable.pk,
        **{"size": len(content), "digest": digest_of(content), "client_at": at, "at": at, **more},
    )


def address(
    team: Team, deliverable: Deliverable, content: bytes = PDF, *, at: datetime = NOON
) -> str:
    """What the QR code of the page says, without the site."""
    promised = f"{len(content)}-{digest_of(content)}-{int(at.timestamp())}"
    return reverse("promises:promise", args=[key_of(team, deliverable), promised])


def key_of(team: Team, deliverable: Deliverable) -> str:
    """On the page of its captain."""
    captain, number = team.memberships.first(), TeamKey.objects.filter(team=team).first()
    key = Key(team.pk, deliverable.pk, captain.pk if captain else 0, number.number if number else 0)
    return addresses.key_text(key)


def typed(
    team: Team, deliverable: Deliverable, content: bytes = PDF, *, at: datetime = NOON
) -> str:
    """The code under it."""
    clock = int(at.timestamp()) % (1 << codes.BITS["clock"])
    digest = digest_of(content)[: codes.DIGEST_DIGITS]
    return encode(Typed(team.pk, deliverable.pk, len(content), clock, digest))


def by_desk(
    team: Team, deliverable: Deliverable, by: User, content: bytes = PDF, *, at: datetime
) -> Promise:
    digest = digest_of(content)[: codes.DIGEST_DIGITS]
    return promise(team, deliverable, content, at=at, digest=digest, by=by)
