import json
import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.urls import reverse
from standardwebhooks import Webhook as Receiver

from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.base.core.models import JournalEntry
from hackathon.base.core.typography import NARROW, NO_BREAK
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services import options
from hackathon.extras.webhooks import periodic, selectors, sending, services
from hackathon.extras.webhooks.enums import Form, Topic
from hackathon.extras.webhooks.errors import WebhookRefusal
from hackathon.extras.webhooks.models import Delivery, Webhook
from hackathon.extras.webhooks.rules import LOG_KEPT, PATIENCE, PAUSES, plain
from hackathon.extras.webhooks.transport import Outcome, post
from teams.enums import HelpKind
from teams.services import calls
from tests.announcements.steps import announce
from tests.conftest import NOON, make_team
from tests.judging.ceremony.past_editions import past_edition
from tests.refusals import refuses
from tests.submissions.conftest import deposit

pytestmark = pytest.mark.django_db
URL = "https://chat.example.org/hooks/secret"


def plain_spaces(text: str) -> str:
    return text.replace(NO_BREAK, " ").replace(NARROW, " ")


@pytest.fixture
def sent(monkeypatch) -> list[tuple[str, bytes, dict[str, str]]]:
    """What would be sent; the answer is 200, or that of `answers`."""
    found: list[tuple[str, bytes, dict[str, str]]] = []

    def kept(url: str, body: bytes, headers: dict[str, str]) -> Outcome:
        found.append((url, body, headers))
        return answers.pop(0) if answers else Outcome(200)

    answers.clear()
    monkeypatch.setattr(sending, "post", kept)
    return found


answers: list[Outcome] = []


@pytest.fixture(autouse=True)
def at_noon() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def make(edition: Edition, eve: User, form: Form = Form.STANDARD, *topics: Topic) -> Webhook:
    given = {"name": "Canal", "url": URL, "form": form, "topics": topics or list(Topic)}
    return services.create(edition, **given, by=eve, at=NOON)


@pytest.fixture
def run(django_capture_on_commit_callbacks) -> Callable[[Callable[[], Any]], None]:
    """Does it, and the tasks that it enqueues."""

    def act(call: Callable[[], Any]) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            call()

    return act


def test_the_list_is_exported_without_its_secrets(edition, eve, client_of):
    webhook = make(edition, eve, Form.STANDARD, Topic.CALLS)
    page = reverse("webhooks:index", args=[edition.slug])

    file = client_of(eve).get(page, {"export": "csv"}).content.decode("utf-8-sig")

    header, line = file.splitlines()
    assert header.startswith('"Nom";"Forme";"Quoi"')
    assert line.startswith('"Canal";')
    assert "chat.example.org" not in file
    assert webhook.secret not in file


def test_a_message_is_signed_as_receivers_check_it(edition, eve, sent, run):
    webhook = make(edition, eve)

    run(lambda: announce(edition, eve, "Salle 104"))

    ((url, body, headers),) = sent
    received = Receiver(webhook.secret).verify(body, headers)
    assert url == URL
    assert (received["type"], received["timestamp"]) == (
        "announcement.published",
        "2020-02-13T12:00:00Z",
    )
    assert received["data"]["edition"] == "ccd-2020"
    assert received["data"]["html"] == "<p>Salle 104</p>\n"
    delivery = Delivery.objects.get()
    assert (delivery.delivered_at, delivery.next_at, delivery.status) == (NOON, None, 200)
    assert headers["webhook-id"] == f"msg_{delivery.pk.hex}"


def test_a_chat_gets_sentences_without_mentions(edition, infocom, dossier, ada, eve, sent, run):
    team = make_team(infocom, "@all <!channel>", ada, room="214")
    make(edition, eve, Form.CHAT)

    run(lambda: deposit(dossier, team, ada, at=NOON))
    run(lambda: calls.request(team=team, kind=HelpKind.TECHNICAL, by=ada, at=NOON))
    run(lambda: announce(edition, eve, "Voir [ici](https://example.org)"))

    texts = [json.loads(body)["text"] for _url, body, _headers in sent]
    assert texts[0].startswith(plain("@all <!channel> a rendu"))
    assert "« Dossier de stratégie »" in plain_spaces(texts[0])
    assert "(214)" in texts[1]
    assert "Tout le monde" in texts[2]
    assert not [t for t in texts if "@all" in t or "<!" in t or "](" in t]
    assert all(headers == {} for _url, _body, headers in sent)


def test_only_what_was_chosen_of_the_shown_edition_is_sent(comunik, eve, ada, sent, run):
    edition = comunik.edition
    make(edition, eve, Form.STANDARD, Topic.RESULTS)
    stopped = make(edition, eve, Form.STANDARD)
    Webhook.objects.filter(pk=stopped.pk).update(disabled_at=NOON)

    run(lambda: announce(edition, eve))
    run(lambda: announce(edition, eve, publish_at=NOON + timedelta(hours=1)))
    run(lambda: calls.request(team=comunik, kind=HelpKind.TECHNICAL, by=ada, at=NOON))
    with transaction.atomic():
        services.report("results.published", {}, at=NOON)
        transaction.set_rollback(True)

    assert sent == []
    assert not Delivery.objects.exists()


def test_nothing_is_sent_for_an_edition_without_webhooks_and_what_waits_is_sent_later(
    edition, eve, sent, run, at_noon
):
    make(edition, eve)
    answers.append(Outcome(500))
    run(lambda: announce(edition, eve, "Un"))
    (waits,) = Delivery.objects.all()
    at_noon.move_to(NOON + timedelta(minutes=1))

    options.choose(edition=edition, names=[], by=eve, at=clock.now())
    run(lambda: announce(edition, eve, "Deux"))
    run(periodic.deliver_due)
    sending.attempt(waits.pk, at=clock.now())  # by a task that was queued before
    sent_meanwhile = len(sent) - 1
    options.choose(edition=edition, names=["webhooks"], by=eve, at=clock.now())
    run(periodic.deliver_due)

    assert sent_meanwhile == 0
    assert [json.loads(body)["data"]["html"] for _url, body, _headers in sent] == [
        "<p>Un</p>\n"
    ] * 2
    assert Delivery.objects.get().delivered_at == clock.now()


def test_what_waits_without_webhooks_does_not_delay_another_edition(
    edition, eve, sent, run, monkeypatch
):
    monkeypatch.setattr(selectors, "DUE_AT_ONCE", 1)
    other = past_edition("2019", 1)
    other.organizers.add(eve)
    for at, each in ((NOON - timedelta(hours=1), edition), (NOON, other)):
        webhook = make(each, eve)
        Delivery.objects.create(webhook=webhook, type="test", body="{}", created_at=at, next_at=at)
    options.choose(edition=edition, names=[], by=eve, at=NOON)

    run(periodic.deliver_due)

    assert [delivery.webhook.edition for delivery in Delivery.objects.exclude(status=None)] == [
        other
    ]


def test_what_does_not_arrive_is_sent_again_with_growing_pauses(edition, eve, sent, run, at_noon):
    webhook = make(edition, eve)
    answers.extend([Outcome(500), Outcome(None, "ConnectTimeout"), Outcome(302), Outcome(204)])
    run(lambda: announce(edition, eve))
    instants = [NOON]

    for pause in PAUSES[:3]:
        due = Delivery.objects.get().next_at
        assert due == instants[-1] + pause
        at_noon.move_to(due - timedelta(milliseconds=1))
        run(periodic.deliver_due)
        at_noon.move_to(due)
        run(periodic.deliver_due)
        instants.append(due)

    assert len(sent) == 4
    assert {headers["webhook-id"] for _url, _body, headers in sent} == {sent[0][2]["webhook-id"]}
    webhook.refresh_from_db()
    assert webhook.failing_since is None
    assert Delivery.objects.get().delivered_at == instants[-1]


def test_while_a_receiver_fails_one_message_a_minute_is_tried(
    edition, eve, run, at_noon, monkeypatch
):
    webhook, other = make(edition, eve), make(edition, eve)
    Webhook.objects.filter(pk=other.pk).update(url=f"{URL}/other")
    failing, tried = {URL}, list[str]()

    def post_to(url: str, *_: object) -> Outcome:
        tried.append(url)
        return Outcome(None, "silent") if url in failing else Outcome(200)

    monkeypatch.setattr(sending, "post", post_to)

    def tries(seconds: int, call: Callable[[], Any]) -> int:
        before = tried.count(URL)
        at_noon.move_to(NOON + timedelta(seconds=seconds))
        run(call)
        return tried.count(URL) - before

    found = [
        tries(0, lambda: announce(edition, eve, "Un")),
        # The first one is tried again at its instant. What is new waits.
        tries(1, lambda: announce(edition, eve, "Deux")),
        tries(2, lambda: announce(edition, eve, "Trois")),
        tries(5, periodic.deliver_due),
        tries(66, periodic.deliver_due),
    ]
    failing.clear()
    # By hand it is tried at once. It arrives, so all others are sent as soon as they are due.
    found.append(tries(67, lambda: services.test(webhook, by=eve, at=clock.now())))
    found.append(tries(190, periodic.deliver_due))

    assert found == [1, 0, 0, 1, 1, 1, 3]
    assert tried.count(f"{URL}/other") == 3


@pytest.mark.parametrize("outcome", [Outcome(410), Outcome(None, "not a public address")])
def test_after_long_failure_it_is_disabled_with_a_mail(edition, eve, sent, run, outcome, client_of):
    webhook = make(edition, eve)
    if outcome.status is None:
        Webhook.objects.filter(pk=webhook.pk).update(failing_since=NOON - PATIENCE)
    answers.append(outcome)

    run(lambda: services.test(webhook, by=eve, at=NOON))
    run(lambda: announce(edition, eve))

    webhook.refresh_from_db()
    assert webhook.disabled_at == NOON
    assert len(sent) == 1
    assert Delivery.objects.get().next_at is None
    assert JournalEntry.objects.filter(act="webhook.disabled", by=None).exists()
    (message,) = mail.outbox
    assert message.to == ["eve@example.org"]
    assert plain_spaces(message.subject) == "Le webhook « Canal » est arrêté"
    page = f"/organisation/editions/ccd-2020/webhooks/{webhook.pk}/"
    assert page in message.body

    browser = client_of(eve)
    run(lambda: browser.post(f"{page}remettre-en-marche/"))
    run(lambda: browser.post(f"{page}envois/{Delivery.objects.get().pk}/"))
    run(lambda: browser.post(f"{page}essayer/"))
    assert len(sent) == 3
    assert "HTTP 200" in browser.get(page).content.decode()


@pytest.mark.database
def test_only_the_worker_that_claims_a_message_sends_it(edition, eve, sent, monkeypatch):
    make(edition, eve)
    announce(edition, eve)
    pk = Delivery.objects.get().pk

    def attempt_meanwhile(*_: Any) -> Outcome:
        sent.append("first")
        sending.attempt(pk, at=NOON)
        return Outcome(500)

    monkeypatch.setattr(sending, "post", attempt_meanwhile)
    sending.attempt(pk, at=NOON)

    assert sent == ["first"]


@pytest.mark.parametrize(
    "url",
    [
        "http://chat.example.org/x",
        "https://chat.example.org:8065/x",
        "https://me:secret@chat.example.org/x",
        "https://localhost/x",
        "https://127.0.0.1/x",
        "https://10.0.0.7/x",
        "https://169.254.169.254/x",
        "https://[::1]/x",
        "https://[::ffff:10.0.0.7]/x",
        "https://",
        "ftp://chat.example.org/x",
        "chat",
    ],
)
def test_an_address_of_the_inside_is_refused(edition, eve, url):
    with refuses(WebhookRefusal.ADDRESS):
        services.create(edition, name="x", url=url, form=Form.CHAT, topics=[], by=eve, at=NOON)


def test_a_name_that_leads_inside_is_not_connected_to(monkeypatch):
    addresses: list[str] = []

    def resolve(*_args: Any, **_kwargs: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", lambda *_a, **_k: pytest.fail("connected"))

    for found in (["10.0.0.7"], ["93.184.216.34", "127.0.0.1"]):
        addresses[:] = found
        assert post(URL, b"{}", {}) == Outcome(None, "not a public address")


def test_the_page_of_webhooks(client_of, edition, eve):
    browser, page = client_of(eve), "/organisation/editions/ccd-2020/webhooks/"
    form = {"name": "Canal des profs", "url": URL, "form": "chat", "topics": ["calls"]}

    wrong = browser.post(page, {**form, "url": "http://10.0.0.1/"})
    made = browser.post(page, form)

    assert wrong.status_code == 422
    assert "adresse publique en https" in wrong.content.decode()
    assert made.status_code == 302
    assert "Canal des profs" in browser.get(page).content.decode()
    assert "appels à l’aide" in browser.get(made["Location"]).content.decode()
    entry = JournalEntry.objects.get(act="webhook.created")
    assert "secret" not in str(entry.detail)
    assert browser.post(f"{made['Location']}supprimer/").status_code == 302
    assert not Webhook.objects.exists()


def test_a_stopped_webhook_offers_to_send_nothing(client_of, edition, eve):
    webhook = make(edition, eve)
    Delivery.objects.create(webhook=webhook, type="test", body="{}", created_at=NOON)
    page = f"/organisation/editions/ccd-2020/webhooks/{webhook.pk}/"
    running = client_of(eve).get(page).content.decode()

    Webhook.objects.filter(pk=webhook.pk).update(disabled_at=NOON)
    stopped = client_of(eve).get(page).content.decode()

    assert all(act in running for act in ("/essayer/", "/envois/"))
    assert not any(act in stopped for act in ("/essayer/", "/envois/"))
    assert "/remettre-en-marche/" in stopped


def test_the_log_is_forgotten_after_a_month(edition, eve):
    webhook = make(edition, eve)
    for age in (LOG_KEPT - timedelta(hours=1), LOG_KEPT + timedelta(hours=1)):
        Delivery.objects.create(webhook=webhook, type="test", body="{}", created_at=NOON - age)

    periodic.forget_log()
    periodic.forget_log()

    assert [d.created_at for d in Delivery.objects.all()] == [NOON - LOG_KEPT + timedelta(hours=1)]
