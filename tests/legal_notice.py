from datetime import date
from decimal import Decimal
from typing import Any

from hackathon.day.site.models import LegalNotice

COMPLETE: dict[str, Any] = {
    "publisher": "IUT des Lampes",
    "publisher_address": "1 rue du Phare, Nancy",
    "publisher_phone": "03 53 01 00 01",
    "director": "Paule Directrice",
    "host": "Hébergeur du Port",
    "host_address": "2 quai du Port, Nancy",
    "host_phone": "03 53 01 00 02",
    "dpo": "Service des données",
    "dpo_contact": "dpo@example.org",
    "accessibility_contact": "acces@example.org",
    "accessibility_days": 3,
    "scheme": "https://example.org/schema",
    "action_plan": "Former les équipes.",
    "audit": "none",
}
AUDIT: dict[str, Any] = {
    "audit": "done",
    "audit_rate": Decimal("72.5"),
    "auditor": "Cabinet Clair",
    "audited_on": date(2020, 1, 20),
    "audit_sample": "Accueil\nRendu",
    "audit_failures": "Un tableau sans titre.",
    "derogations": "Les vidéos des clients.",
}


def fill_in(**fields: Any) -> LegalNotice:
    return LegalNotice.objects.update_or_create(pk=1, defaults={**COMPLETE, **fields})[0]
