"""What a bored student does in a quarter of an hour, and what is left of it after the night."""

import re
from collections import Counter, deque
from datetime import datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hackathon.event.editions.models import Edition
from hackathon.extras.public_demo import periodic
from hackathon.extras.public_demo.enums import Role
from teams.models import Team

NIGHT = datetime.fromisoformat("2020-02-07T04:00+01:00")
WEEK = timedelta(days=7)  # the same names of days
SEEN = ("/", "/sujets/", "/rendu/", "/annonces/", "/questions/", "/jury/", "/appels/", "/ecran/")
SEEN_BY_ORGANIZERS = ("/pilotage/", "/organisation/", "/organisation/equipes/")
DEFACED = "Piraté"
BY_CHANCE = re.compile(r"\d|^[A-Z]{3}-[A-Z]{3}$")  # and codes of teams


class Page(HTMLParser):
    """Its links, and its forms with a value for each field."""

    def __init__(self, html, address):
        super().__init__()
        self.links, self.forms, self._address = [], [], address
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        of = dict(attributes)
        if tag == "a" and of.get("href"):
            self.links.append(urljoin(self._address, of["href"]))
        elif tag == "form" and of.get("method") == "post":
            self.forms.append((urljoin(self._address, of.get("action") or ""), {}))
        elif self.forms and of.get("name"):
            self._fill(tag, of)
        elif self.forms and tag == "option" and self._select:
            self.forms[-1][1][self._select] = of.get("value", "")

    def _fill(self, tag, of):
        fields, kind = self.forms[-1][1], of.get("type", "text")
        self._select = of["name"] if tag == "select" else ""
        if tag == "textarea" or (tag == "input" and kind in ("text", "search")):
            fields[of["name"]] = of.get("value") or DEFACED
        elif kind == "file":
            fields[of["name"]] = SimpleUploadedFile("x.pdf", b"%PDF-1.4 x")
        elif kind not in ("checkbox", "radio") or "checked" in of:
            fields[of["name"]] = of.get("value", "")


def enter(role):
    browser = Client(raise_request_exception=False)
    answer = browser.post("/demonstration/entrer/", {"role": role})
    assert answer["Location"] == "/accueil/", role
    return browser


def pattern_of(address):
    return re.sub(r"\d+|(?<=jury/)[A-Z]+", "N", urlsplit(address).path)


def click_everything(browser, start, most=70):
    """Follows each kind of link once, and sends each kind of form. Returns the addresses."""
    todo, seen, sent = deque([start]), set(), set()
    while todo and len(seen) < most:
        address = todo.popleft()
        if pattern_of(address) in seen or not address.startswith("/") or "deconnexion" in address:
            continue
        seen.add(pattern_of(address))
        answer = browser.get(address, follow=True)
        assert answer.status_code < 500, address
        if answer.streaming or "html" not in answer.get("Content-Type", ""):
            continue
        page = Page(answer.content.decode(), answer.request["PATH_INFO"])
        todo.extend(page.links)
        for target, fields in page.forms:
            if pattern_of(target) in sent | {"/demonstration/entrer/", "/langue/"}:
                continue
            if "deconnexion" not in target and "remise-a-zero" not in target:
                sent.add(pattern_of(target))
                assert browser.post(target, fields).status_code < 500, target
    return sent


def rename(browser, address):
    forms = Page(browser.get(address).content.decode(), address).forms
    fields = next(fields for target, fields in forms if target == address)
    browser.post(address, {**fields, "name": DEFACED, "timezone": "Europe/Paris"})


def what_visitors_see():
    """The texts of pages, without what differs by chance or by the day."""
    seen = {"/": text_of(Client().get("/"))}
    for role in Role:
        browser = enter(role)
        pages = SEEN + SEEN_BY_ORGANIZERS * (role == Role.ORGANIZER)
        seen |= {f"{role} {page}": text_of(browser.get(page, follow=True)) for page in pages}
    return seen


def text_of(answer):
    """How often each word is there. Lists without an order of their own may differ in theirs."""
    html = re.sub(r"(?s)<(script|style|template).*?</\1>|<[^>]+>", " ", answer.content.decode())
    return Counter(word for word in html.split() if not BY_CHANCE.search(word))


def differences(before, after):
    """The words that each page has lost and gained."""
    both = {page: (words - after[page], after[page] - words) for page, words in before.items()}
    return {page: changed for page, changed in both.items() if any(changed)}


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_after_the_night_nothing_is_left_of_what_bored_students_did(is_public):
    with time_machine.travel(NIGHT, tick=False):
        periodic.reset_if_due()
        before, names = what_visitors_see(), set(Team.objects.values_list("name", flat=True))
    with time_machine.travel(NIGHT + timedelta(minutes=1), tick=False):
        eve, edition = enter("organizer"), Edition.objects.get()
        manage = f"/organisation/editions/{edition.slug}/"
        sent = click_everything(eve, manage) | click_everything(eve, "/pilotage/", 20)
        for team in Team.objects.all()[:5]:
            eve.post(f"/organisation/equipes/{team.pk}/supprimer/", {"typed": team.name})
        rename(eve, f"{manage}identite/")
        earlier = {"deadline_at": (NIGHT + timedelta(hours=1)).isoformat()}
        eve.patch("/api/v1/edition/", earlier, content_type="application/json")
        eve.post(f"{manage}options/", {})
        eve.post(f"{manage}etat/", {"do": "delete", "typed": DEFACED})
        for role in ("student", "juror", "president", "helper"):
            click_everything(enter(role), "/accueil/", 15)

        edition.refresh_from_db()
        assert len(sent) > 20
        assert (edition.name, edition.extras) == (DEFACED, [])
        assert edition.deadline_at == NIGHT + timedelta(hours=1)
        assert differences(before, what_visitors_see())
        assert edition.is_current
    with time_machine.travel(NIGHT + WEEK, tick=False):
        periodic.reset_if_due()

        assert differences(before, what_visitors_see()) == {}
        assert set(Team.objects.values_list("name", flat=True)) == names
    kept = [
        path
        for name in settings.FILE_FOLDERS
        for path in (settings.DATA_DIR / name).rglob("x*.pdf")
    ]
    assert kept == []
    assert mail.outbox == []
