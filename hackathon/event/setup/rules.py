from hackathon.base.core.errors import Refusal, refuse
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import same_name
from hackathon.event.setup.errors import SetupRefusal


def installation_refusal(*, is_installed: bool, is_right: bool) -> Refusal | None:
    if is_installed:
        return refuse(SetupRefusal.INSTALLED)
    return None if is_right else refuse(SetupRefusal.CODE_WRONG)


def deletion_refusal(edition: Edition, *, is_used: bool, typed: str) -> Refusal | None:
    """`is_used`: there are submissions or marks, which are never deleted."""
    if edition.is_current:
        return refuse(SetupRefusal.SHOWN, edition=edition.name)
    if is_used:
        return refuse(SetupRefusal.HANDED_IN, edition=edition.name)
    if not same_name(typed, edition.name):
        return refuse(SetupRefusal.NAME_NOT_TYPED, edition=edition.name)
    return None
