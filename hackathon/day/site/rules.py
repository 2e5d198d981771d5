from datetime import date
from decimal import Decimal

from hackathon.base.core.errors import Refusal, refuse
from hackathon.day.site.enums import Audit, Conformity
from hackathon.day.site.errors import LegalNoticeRefusal
from hackathon.day.site.models import LegalNotice

# Without which a site may not be public: articles 1-1 of the law 2004-575 and 13 of the GDPR,
# decree 2019-768. What else is known of an audit is asked for by `audit_refusal`.
REQUIRED = (
    *("publisher", "publisher_address", "publisher_phone", "director"),
    *("host", "host_address", "host_phone", "dpo", "dpo_contact"),
    *("accessibility_contact", "accessibility_days", "scheme", "action_plan", "audit"),
)
OF_AUDIT = ("audit_rate", "audited_on", "auditor", "audit_sample")
HALF, ALL = Decimal(50), Decimal(100)  # percent of the criteria of RGAA


def missing(notice: LegalNotice) -> list[str]:
    """Labels of the required fields that are empty, in the order of the page."""
    labels = {field.name: str(field.verbose_name) for field in notice._meta.concrete_fields}
    return [labels[name] for name in REQUIRED if getattr(notice, name) in ("", None)]


def conformity(notice: LegalNotice) -> Conformity:
    """Decree 2019-768: without an audit, and below one half of the criteria, it is none."""
    rate = notice.audit_rate if notice.audit == Audit.DONE else None
    if rate is None or rate < HALF:
        return Conformity.NONE
    return Conformity.FULL if rate == ALL else Conformity.PARTIAL


def audit_refusal(notice: LegalNotice, *, today: date) -> Refusal | None:
    if notice.audit != Audit.DONE:
        return None
    if any(getattr(notice, name) in ("", None) for name in OF_AUDIT):
        return refuse(LegalNoticeRefusal.AUDIT_INCOMPLETE)
    if notice.audited_on and notice.audited_on > today:
        return refuse(LegalNoticeRefusal.AUDIT_LATER)
    return None
