from hackathon.base.core.errors import NotFound
from hackathon.base.live.fragments import once
from hackathon.day.site import rules
from hackathon.day.site.enums import Conformity
from hackathon.day.site.models import LegalNotice
from hackathon.event.editions.models import Edition
from hackathon.event.editions.selectors import AnyUser, may_create_editions


def legal_notice() -> LegalNotice:
    """An empty one until somebody fills it in. Everybody may read it."""
    return LegalNotice.objects.first() or LegalNotice(pk=1)


def edited_legal_notice(user: AnyUser) -> LegalNotice:
    if not may_create_editions(user):
        raise NotFound
    return legal_notice()


def conformity(edition: Edition | None) -> Conformity:
    """To the accessibility rules, for the foot of every page. With an edition up to 30 seconds old
    (`once`): no message says that the legal notice has changed.
    """

    def read(_edition: Edition | None) -> Conformity:
        return rules.conformity(legal_notice())

    return once(edition, "conformity", read, "edition") if edition else read(None)
