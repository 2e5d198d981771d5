from hackathon.base.accounts.models import User
from hackathon.base.core.errors import check
from hackathon.event.editions import rules, selectors
from hackathon.event.editions.models import Edition


def lock_for(by: User, edition_pk: int) -> Edition:
    """Raises `Refused` unless `by` organizes the edition. Locks it until the transaction ends."""
    edition = Edition.objects.select_for_update().get(pk=edition_pk)
    check(rules.organizer_refusal(is_organizer=selectors.is_organizer(by, edition)))
    return edition
