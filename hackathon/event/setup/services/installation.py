from datetime import datetime
from typing import Any

from django.db import transaction

from hackathon.base.accounts import services as accounts
from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.codes import code_digest
from hackathon.base.core.errors import check
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services import editions
from hackathon.event.setup import rules
from hackathon.event.setup.models import SetupCode
from hackathon.event.setup.selectors import is_installed


@transaction.atomic
def make_code(*, at: datetime) -> str | None:
    """The former code becomes invalid. None: somebody organizes this installation already."""
    if is_installed():
        return None
    code = accounts.random_code()
    digest = code_digest(code)
    SetupCode.objects.update_or_create(pk=1, defaults={"digest": digest, "made_at": at})
    return code


def key_of_attempts() -> str:
    """For a limit of attempts: another one for each code."""
    return SetupCode.objects.values_list("digest", flat=True).first() or "none"


@transaction.atomic
def install(
    *, code: str, email: str, person: str, password: str, at: datetime, **edition: Any
) -> tuple[User, Edition]:
    """Makes the first organizer, a superuser, and the first edition. Uses the code up.

    `edition`: what `editions.create` takes. Raises `Refused`.
    """
    # A second request waits here, and then finds no code.
    right = SetupCode.objects.select_for_update().filter(digest=code_digest(code))
    is_right = right.first() is not None
    check(rules.installation_refusal(is_installed=is_installed(), is_right=is_right))
    SetupCode.objects.all().delete()
    user = accounts.make_administrator(email=email, name=person, password=password, at=at)
    made = editions.create(by=user, at=at, **edition)
    journal.record("installation.made", made, by=user, at=at)
    return user, made
