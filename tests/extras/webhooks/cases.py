from hackathon.extras.webhooks.models import Delivery, Webhook
from tests.access.roles import ORGANIZER
from tests.conftest import NOON
from tests.extras import Cases, Rows

READS = {
    "webhooks:detail": ORGANIZER,
    "webhooks:index": ORGANIZER,
}
WRITES = {
    "webhooks:delete": ORGANIZER,
    "webhooks:enable": ORGANIZER,
    "webhooks:index": ORGANIZER,
    "webhooks:send-again": ORGANIZER,
    "webhooks:test": ORGANIZER,
}
SENTENCES = {
    "webhook.created": (
        {"name": "Canal", "topics": ["deposits", "calls"]},
        "Eve a créé le webhook « Canal » (dépôts, appels à l’aide).",
    ),
    "webhook.enabled": ({"name": "Canal"}, "Eve a remis en marche le webhook « Canal »."),
    "webhook.disabled": ({"name": "Canal"}, "Eve a arrêté le webhook « Canal »."),
    "webhook.deleted": ({"name": "Canal"}, "Eve a supprimé le webhook « Canal »."),
}


def objects(world: Rows) -> Rows:
    webhook = Webhook.objects.create(  # disabled: tests send nothing
        edition=world["edition"],
        name="Canal",
        url="https://chat.example.org/hooks/1",
        topics=["results"],
        secret="whsec_c2VjcmV0",
        created_by=world["organizer"],
        created_at=NOON,
        disabled_at=NOON,
    )
    delivery = Delivery.objects.create(
        webhook=webhook, type="submission.received", body="{}", created_at=NOON
    )
    return {"webhook": webhook, "delivery": delivery}


CASES = Cases(
    reads=READS,
    writes=WRITES,
    unread=dict.fromkeys(["webhooks:detail"]),
    bodies={"webhooks:index": lambda _world: {"url": "https://chat.example.org/hooks/2"}},
    pk_of={
        "webhooks:delete": "webhook",
        "webhooks:detail": "webhook",
        "webhooks:enable": "webhook",
        "webhooks:send-again": "webhook",
        ("webhooks:send-again", "delivery_pk"): "delivery",
        "webhooks:test": "webhook",
    },
    sentences=SENTENCES,
    objects=objects,
)
