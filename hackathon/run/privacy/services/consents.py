"""What a person has agreed to, and how they take it back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from hackathon.base.accounts import services as accounts
from hackathon.base.accounts.models import User
from hackathon.base.core import extras
from hackathon.base.core.errors import NotFound
from hackathon.base.core.extras import Text
from hackathon.base.core.models import JournalEntry
from hackathon.base.core.selectors import get_or_not_found
from hackathon.base.push import services as push
from teams.enums import Circle, ReceiptMails
from teams.services import membership as memberships


class ConsentKind(TextChoices):
    """Values are parts of addresses."""

    NAME = "nom", _("Le palmarès montre votre nom, si votre équipe gagne")
    ADDRESS = "adresse", _("Vos coéquipiers voient votre adresse e-mail")
    WORKS = "travaux", _("Les travaux de votre équipe peuvent être montrés")
    PHONE = "telephone", _("L’organisation peut vous appeler à votre numéro")
    DEVICE = "appareil", _("Ce site envoie des notifications à un de vos appareils")


# Those of `Membership.CONSENTS`.
FIELDS = {
    ConsentKind.NAME: "shows_name",
    ConsentKind.ADDRESS: "shows_address",
    ConsentKind.WORKS: "shows_works_to",
}


@dataclass(frozen=True)
class Consent:
    """`pk`: of the row that has it. `since`: None if nobody knows."""

    kind: str
    label: Text
    pk: int
    where: str
    since: datetime | None


def consents_of(user: User) -> list[Consent]:
    """Those given, and not those refused, also to an extra that is off. Four queries, and those of
    extras.
    """
    return [*_shown(user), *_others(user)]


def _shown(user: User) -> Iterator[Consent]:
    chosen = JournalEntry.objects.filter(act="consents.chosen", by=user).order_by("at")
    since: dict[tuple[str, str], datetime] = {}
    for target, at, detail in chosen.values_list("target", "at", "detail"):
        for name in detail.get("changes", ()):
            since[target, name] = at
    for membership in user.memberships.select_related("edition", "team").order_by("pk"):
        for kind, name in FIELDS.items():
            if kind == ConsentKind.WORKS and membership.shows_works_to < Circle.EDITION:
                continue
            if getattr(membership, name):
                where = f"{membership.team.name}, {membership.edition.name}"
                if kind == ConsentKind.WORKS:
                    where = f"{where}, {membership.get_shows_works_to_display()}"
                key = f"{membership._meta.label_lower}:{membership.pk}", name
                yield Consent(kind, kind.label, membership.pk, where, since.get(key))


def _others(user: User) -> Iterator[Consent]:
    for kind, consent in _of_extras().items():
        for pk, where, given_at in consent.given(user):
            yield Consent(kind, consent.label, pk, where, given_at)
    if user.phone:
        entries = JournalEntry.objects.filter(act="phone.changed", by=user).order_by("at")
        since = entries.values_list("at", flat=True).last()
        yield Consent(ConsentKind.PHONE, ConsentKind.PHONE.label, user.pk, user.phone, since)
    for device in user.subscriptions.select_related("session__sign_in").order_by("pk"):
        sign_in = getattr(device.session, "sign_in", None)
        name = sign_in.device if sign_in else ""
        yield Consent(ConsentKind.DEVICE, ConsentKind.DEVICE.label, device.pk, name, device.made_at)


def _of_extras() -> dict[str, extras.Consent]:
    return {kind: consent for each in extras.registry for kind, consent in each.consents.items()}


def withdraw(user: User, kind: str, pk: int, *, at: datetime) -> None:
    """Raises `NotFound` for what is another person's, or none."""
    if kind in FIELDS:
        membership = get_or_not_found(user.memberships.all(), pk=pk)
        mails = ReceiptMails(membership.receipt_mails)
        nothing = Circle.NOBODY if kind == ConsentKind.WORKS else False
        memberships.choose(
            membership, receipt_mails=mails, at=at, **{FIELDS[ConsentKind(kind)]: nothing}
        )
    elif consent := _of_extras().get(kind):
        consent.withdraw(user, pk, at)
    elif kind == ConsentKind.PHONE and pk == user.pk:
        accounts.set_phone(user, "", at=at)
    elif kind == ConsentKind.DEVICE:
        device = get_or_not_found(user.subscriptions.all(), pk=pk)
        push.unsubscribe(user=user, session_key=device.session_id, at=at)
    else:
        raise NotFound
