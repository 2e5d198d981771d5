from hackathon.base.core.models import JournalEntry, LiveMessage


def published() -> list[tuple[str, str]]:
    return [(audience, m.type) for m in LiveMessage.objects.all() for audience in m.audience_names]


def journalled() -> list[str]:
    return list(JournalEntry.objects.order_by("id").values_list("act", flat=True))
