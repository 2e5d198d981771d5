from datetime import datetime

from hackathon.base.accounts.models import User
from hackathon.base.accounts.rules import SESSION_LIFETIME
from hackathon.base.core.errors import Refusal, refuse
from hackathon.event.people.errors import PeopleRefusal


def account_refusal(user: User, *, by: User, takes_part_elsewhere: bool) -> Refusal | None:
    """Whether `by`, who organizes an edition of `user`, may disable or enable the account.

    `takes_part_elsewhere`: in an edition that `by` does not organize.
    """
    if user.pk == by.pk:
        return refuse(PeopleRefusal.ONESELF)
    if user.deleted_at:
        return refuse(PeopleRefusal.DELETED)
    if by.administers:
        return None
    if user.is_superuser or user.is_staff:
        return refuse(PeopleRefusal.SUPERUSER, who=user.display_name)
    if takes_part_elsewhere:
        return refuse(PeopleRefusal.OTHER_EDITION, who=user.display_name)
    return None


def is_away(user: User, *, at: datetime) -> bool:
    """Whether no session of the person can be open."""
    return user.last_login is None or user.last_login < at - SESSION_LIFETIME


def code_refusal(user: User) -> Refusal | None:
    """Goes to the person's own address, so anybody may get one."""
    return None if user.is_active else refuse(PeopleRefusal.INACTIVE)
