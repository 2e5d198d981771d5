"""The contract of the live messages: an old page plus the message equals a fresh page.

Every type that the code publishes has a case here: what is done so that it is told. For each of the
pages that somebody has open, the old page is then treated as the browser does (the parts that name
the message, of those which that person heard, are fetched again) and compared with the page as it
is made now. What moves by script alone (clocks, toasts) has tests in `tests/browser`.
"""

import ast
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.test.html import Element, parse_html
from django.urls import reverse

from hackathon.accounts.models import User
from hackathon.core import live
from hackathon.core.models import LiveMessage
from hackathon.core.uploads import received
from hackathon.dashboard import selectors
from hackathon.editions.models import Edition
from hackathon.editions.rules.questions import Answerer, Asker
from hackathon.editions.services import (
    announcements,
    briefs,
    notices,
    packages,
    questions,
    schedule,
    screens,
)
from judging.models import Criterion, Juror
from judging.services import ceremony, deliberation, jury, results, scoring
from submissions.inspection import results as results_of_looks
from submissions.inspection.found import Found
from submissions.models import Deliverable, Submission
from submissions.services import deliverables, deposits, disk, extensions, seals
from teams.models import Team
from teams.services import calls, membership, teams
from tests.conftest import DEADLINE, NOON, make_team, make_user
from tests.site import World

APPS = ("hackathon", "teams", "submissions", "judging")
TYPE = re.compile(r"[a-z]+\.[a-z_]+")
INTERNAL = {live.FORGOTTEN}  # between processes; no page hears it


# ---------------------------------------------------------------- every type has a case


def published_types() -> set[str]:
    """Every message type in the code: the words given to what publishes them."""
    found = set()
    for app in APPS:
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            found |= types_in(path)
    return found - INTERNAL


def types_in(path: Path) -> set[str]:
    """Those of one file: arguments of calls in a `live` module, or of calls to one."""
    tree = ast.parse(path.read_text())
    return {
        argument.value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and publishes(path, ast.unparse(call.func))
        for argument in call.args
        if isinstance(argument, ast.Constant)
        and isinstance(argument.value, str)
        and TYPE.fullmatch(argument.value)
    }


def publishes(path: Path, function: str) -> bool:
    """Whether this call may publish."""
    if path.name == "live.py":
        return not function.endswith("forget")
    return re.match(r"(\w+_)?live\.|_publish$|_tell", function) is not None


def test_every_message_type_has_a_case() -> None:
    assert published_types() == set(CASES)


# ---------------------------------------------------------------- what is done


@dataclass(frozen=True)
class Case:
    """What is done at `at` so that a message is told; `before` is done before the page is made.

    `shows`: whether some page looks otherwise afterwards. Of the others the message itself is all.
    """

    act: Callable[..., object]
    at: datetime = NOON
    before: Callable[..., object] | None = None
    shows: bool = True


def hand_in(w: SimpleNamespace, at: datetime) -> object:
    return deposits.deposit_link(
        w.link, w.team, url="https://example.org", begun_at=at, by=w.ada, at=at
    )


def look_inside(w: SimpleNamespace, at: datetime) -> None:
    submission = Submission.objects.latest("pk")
    results_of_looks.record(submission, Found({"type": "pdf", "pages": 2}), at=at)


def hand_in_a_file(w: SimpleNamespace, at: datetime) -> object:
    file = received(b"%PDF-1.4 again", "again.pdf")
    return deposits.deposit_file(w.deliverable, w.team, file=file, begun_at=at, by=w.ada, at=at)


def grant(w: SimpleNamespace, at: datetime) -> object:
    act = {"by": w.organizer, "at": at}
    return extensions.grant(w.edition, team=w.team, minutes=25, reason="Coupure", **act)


def revoke(w: SimpleNamespace, at: datetime) -> object:
    return extensions.revoke(w.extension, by=w.organizer, at=at)


def ask_for_more(w: SimpleNamespace, at: datetime) -> object:
    return deliverables.save(w.department, name="Affiche", kind="link", by=w.organizer, at=at)


def seal(w: SimpleNamespace, at: datetime) -> None:
    assert seals.make_due(w.edition, at=at)


def fill_the_disk(w: SimpleNamespace, at: datetime) -> None:
    cache.clear()
    disk.watch(disk.Space(free=10, promised=0), at=at)


def register(w: SimpleNamespace, at: datetime) -> object:
    return teams.register(w.edition, w.department, "Les Tardifs", by=w.organizer, at=at)


def rename(w: SimpleNamespace, at: datetime) -> object:
    return teams.edit(w.team, name="Com’uniq", by=w.organizer, at=at)


def take_away(w: SimpleNamespace, at: datetime) -> object:
    return membership.remove(w.membership, by=w.organizer, at=at)


def dissolve(w: SimpleNamespace, at: datetime) -> object:
    return teams.dissolve(w.other, by=w.organizer, at=at)


def move(w: SimpleNamespace, at: datetime) -> object:
    instants = {"deadline_at": DEADLINE + timedelta(hours=1)}
    return schedule.move(edition=w.edition, instants=instants, by=w.organizer, at=at)


def rewrite_the_brief(w: SimpleNamespace, at: datetime) -> object:
    return briefs.write(
        department=w.department,
        title="Autre chose",
        body="*Tout autre*",
        published_at=w.brief.published_at,
        by=w.organizer,
        at=at,
    )


def announce(w: SimpleNamespace, at: datetime) -> object:
    return announcements.announce(
        edition=w.edition,
        audience=live.EVERYONE,
        audience_label="Tout le monde",
        body="**À table**",
        by=w.organizer,
        at=at,
    )


def announce_later(w: SimpleNamespace, at: datetime) -> object:
    return announcements.announce(
        edition=w.edition,
        audience=live.EVERYONE,
        audience_label="Tout le monde",
        body="Pizzas",
        publish_at=at + timedelta(hours=1),
        by=w.organizer,
        at=at,
    )


def correct(w: SimpleNamespace, at: datetime) -> object:
    act = {"by": w.organizer, "at": at}
    return announcements.correct(announcement=w.announcement, body="Bienvenus", pinned=True, **act)


def withdraw(w: SimpleNamespace, at: datetime) -> None:
    announcements.withdraw(announcement=w.announcement, by=w.organizer, at=at)


ANSWERS = Answerer(organizer=True)


def ask(w: SimpleNamespace, at: datetime) -> object:
    asker = Asker(w.team.pk, w.team.name, w.department, closes_at=DEADLINE)
    said = {"to": "client", "topic": "practical", "body": "Et les prises ?"}
    return questions.ask(asker=asker, by=w.ada, at=at, **said)


def take(w: SimpleNamespace, at: datetime) -> object:
    return questions.take(question=w.question, who=ANSWERS, by=w.organizer, at=at)


def release(w: SimpleNamespace, at: datetime) -> object:
    return questions.release(question=w.question, who=ANSWERS, by=w.organizer, at=at)


def answer(w: SimpleNamespace, at: datetime) -> object:
    act = {"by": w.organizer, "at": at}
    return questions.answer(question=w.question, who=ANSWERS, text="Oui.", **act)


def publish_the_answer(w: SimpleNamespace, at: datetime) -> object:
    said = {"to": "department", "wording": "Un logo ?", "text": "Oui."}
    act = {"by": w.organizer, "at": at}
    return questions.publish(question=w.question, who=ANSWERS, **said, **act)


def close(w: SimpleNamespace, at: datetime) -> object:
    return questions.close(question=w.question, who=ANSWERS, by=w.organizer, at=at)


def call_behind(w: SimpleNamespace, at: datetime) -> object:
    member = make_user("vic@example.org")
    neighbours = make_team(w.department, "Les Voisins", member, room="215")
    return calls.request(team=neighbours, kind=w.call.kind, by=member, at=at)


def withdraw_the_call_before(w: SimpleNamespace, at: datetime) -> object:
    return calls.withdraw(call=w.call, by=w.ada, at=at)


def switch_the_scene(w: SimpleNamespace, at: datetime) -> object:
    return screens.choose(edition=w.edition, scene="day", by=w.organizer, at=at)


def finish_a_sheet(w: SimpleNamespace, at: datetime) -> object:
    marks = dict.fromkeys(Criterion.objects.filter(department=w.department), Decimal(3))
    act = {"by": w.juror.user, "at": at}
    return scoring.save(juror=w.juror, team=w.team, marks=marks, finish=True, **act)


def appoint(w: SimpleNamespace, at: datetime) -> object:
    email = make_user("sam@example.org", "Sam").email
    return jury.appoint(department=w.department, email=email, by=w.organizer, at=at)


def decide(w: SimpleNamespace, at: datetime) -> None:
    Edition.objects.update(winners_min=1, winners_max=1)
    finish_a_sheet(w, at)
    dissolve(w, at)
    act = {"by": w.president.user, "at": at}
    deliberation.decide(department=w.department, nominees=[w.team.pk], places={w.team.pk: 1}, **act)


def lock(w: SimpleNamespace, at: datetime) -> object:
    return deliberation.lock(department=w.department, by=w.president.user, at=at)


def decide_and_lock(w: SimpleNamespace, at: datetime) -> None:
    decide(w, at)
    lock(w, at)


def publish_results(w: SimpleNamespace, at: datetime) -> object:
    return results.publish(edition=w.edition, by=w.organizer, at=at)


def rehearse(w: SimpleNamespace, at: datetime) -> object:
    return ceremony.start(edition=w.edition, rehearsal=True, by=w.organizer, at=at)


def say_that_an_hour_is_left(w: SimpleNamespace, at: datetime) -> None:
    assert notices.give_due(w.edition, at=at)


def tell_the_key(w: SimpleNamespace, at: datetime) -> None:
    assert packages.unlock(pk=w.package.pk, at=at)


MORNING = DEADLINE + timedelta(hours=11)
CASES = {
    "announcement.corrected": Case(correct),
    "announcement.published": Case(announce, shows=True),
    "announcement.scheduled": Case(announce_later),
    "announcement.withdrawn": Case(withdraw),
    "brief.changed": Case(rewrite_the_brief),
    "brief.unlocked": Case(tell_the_key, shows=False),  # packages.js opens what it fetched
    "ceremony.moved": Case(rehearse, MORNING),
    "deliberation.locked": Case(lock, MORNING, before=decide),
    "deliverable.changed": Case(ask_for_more),
    "edition.changed": Case(move),
    "extension.granted": Case(grant),
    "extension.revoked": Case(revoke),
    "help.moved": Case(withdraw_the_call_before, NOON + timedelta(minutes=1), before=call_behind),
    "jury.changed": Case(appoint),
    "membership.changed": Case(take_away),
    "milestone.reached": Case(say_that_an_hour_is_left, DEADLINE - timedelta(hours=1), shows=False),
    "question.answered": Case(answer),
    "question.asked": Case(ask, NOON + timedelta(minutes=1)),
    "question.closed": Case(close),
    "question.published": Case(publish_the_answer, before=answer),
    "question.released": Case(release, before=take),
    "question.taken": Case(take),
    "results.published": Case(publish_results, MORNING, before=decide_and_lock),
    "screen.switched": Case(switch_the_scene),
    "seal.made": Case(seal, DEADLINE + timedelta(hours=1)),
    "sheet.progressed": Case(finish_a_sheet, MORNING),
    "storage.filled": Case(fill_the_disk, shows=False),
    "submission.inspected": Case(look_inside, before=hand_in_a_file),
    "submission.received": Case(hand_in),
    "team.changed": Case(rename),
    "team.dissolved": Case(dissolve),
    "team.registered": Case(register),
    "window.changed": Case(hand_in),
}

# Where somebody may be in the middle of something, the page says that it is old.
ASKS_TO_RELOAD = {("deliverable.changed", "/rendu/"): "La liste de ce qu’il faut rendre a changé"}

# Who has what open.
PAGES: dict[str, list[tuple[str, dict[str, str]]]] = {
    "": [
        ("home", {}),
        ("submissions:public-seals", {}),
        ("judging:palmares", {}),
        ("judging:envelopes", {}),
        ("dashboard:screen", {}),
        ("dashboard:ceremony", {}),
    ],
    "ada": [
        ("teams:mine", {}),
        ("submissions:deposits", {}),
        ("editions:briefs", {}),
        ("editions:brief", {"code": "INFOCOM"}),
        ("dashboard:questions", {}),
    ],
    "max": [("dashboard:queue", {})],
    "dan": [("judging:index", {})],
    "eve": [
        ("dashboard:announcements", {}),
        ("dashboard:control", {}),
        ("dashboard:queue", {}),
        ("dashboard:questions", {}),
        ("teams:list", {}),
        ("submissions:seals", {}),
        ("judging:publish", {}),
        ("dashboard:remote", {}),
    ],
}


# ---------------------------------------------------------------- what the browser does


class Page:
    """A page as a tree, without what differs each time it is made."""

    def __init__(self, browser: Client, url: str) -> None:
        self._browser, self._url = browser, url
        answer = browser.get(url)
        assert answer.status_code == 200, (url, answer.status_code)
        self.tree = tree_of(answer.content.decode())

    @property
    def text(self) -> str:
        """To compare: without what says which state the page was made in."""
        return re.sub(r"\?shown=\w+", "", str(self.tree))

    def hear(self, types: set[str], fresh: "Page") -> None:
        """Fetch again the parts that name one of these messages."""
        for part in list(elements(self.tree)):
            of = dict(part.attributes)
            if named(of.get("data-refetch", ""), types, "live:"):
                replace_in(self.tree, part, by_id(fresh.tree, of["id"]))
            elif named(of.get("data-block", ""), types) or (
                "hx-get" in of and named(of.get("hx-trigger", ""), types, "live:")
            ):
                self._fetch(part, of)

    def _fetch(self, part: Element, of: dict[str, str]) -> None:
        answer = self._browser.get(of["hx-get"] or self._url, headers={"HX-Request": "true"})
        if answer.status_code == 204:  # nothing to swap: it is so still
            return
        assert answer.status_code == 200, of["hx-get"]
        came = tree_of(answer.content.decode())
        if of.get("hx-swap") == "outerHTML":
            replace_in(self.tree, part, by_id(came, of["id"]))
            return
        for piece in list(elements(came)):
            attributes = dict(piece.attributes)
            if attributes.pop("hx-swap-oob", None):
                piece.attributes = sorted(attributes.items())
                if old := by_id(self.tree, attributes["id"]):
                    replace_in(self.tree, old, piece)


def tree_of(html: str) -> Element:
    """The page's body; without scripts, forgery tokens, and where the page itself begins."""
    html = re.sub(r"<(script|style|head)\b.*?</\1>", "", html, flags=re.DOTALL)
    html = re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]*"', r"\1", html)
    # The lists of announcements are written by announcements.js, and tested in the browser.
    html = re.sub(r"<ul[^>]* data-announcements.*?</ul>", "", html, flags=re.DOTALL)
    html = re.sub(r"<p[^>]* data-when-empty.*?</p>", "", html, flags=re.DOTALL)
    # What somebody unfolded, typed or is about to choose is theirs, and the menu the page's.
    html = re.sub(r"<select.*?</select>", "", html, flags=re.DOTALL)
    html = re.sub(r"<details class=\"more deposit-more.*?</details>", "", html, flags=re.DOTALL)
    html = re.sub(r'<nav class="nav".*?</nav>', "", html, flags=re.DOTALL).replace(" has-nav", "")
    # `day-start` and `day-end` are written by sky.js, as `edition.changed` says.
    html = re.sub(r' data-(live-after|now|day-start|day-end)="[^"]*"', "", html)
    html = re.sub(r" hx-headers='[^']*'", "", html)
    return parse_html(f"<div>{html}</div>")


def elements(tree: Element) -> Iterator[Element]:
    """The element and those within it, in the order of the page."""
    yield tree
    for child in tree.children:
        if isinstance(child, Element):
            yield from elements(child)


def by_id(tree: Element, name: str) -> Element | None:
    """The element with this id."""
    return next((e for e in elements(tree) if dict(e.attributes).get("id") == name), None)


def replace_in(tree: Element, old: Element, new: Element | None) -> None:
    """Put `new` in the place of `old`, if both are still there. What comes empty and is to be
    preserved stays, as in morph.js.
    """
    for piece in list(elements(new)) if new is not None else ():
        attributes = dict(piece.attributes)
        kept = by_id(old, attributes["id"]) if "hx-preserve" in attributes else None
        if kept is not None and not any(isinstance(c, Element) for c in piece.children):
            piece.attributes, piece.children = kept.attributes, kept.children
    for parent in elements(tree):
        for place, child in enumerate(parent.children):
            if child is old and new is not None:
                parent.children[place] = new
                return


def named(words: str, types: set[str], prefix: str = "") -> bool:
    """Whether one of the messages is named, as a whole word."""
    return any(re.search(rf"(?<![\w:.]){prefix}{re.escape(t)}(?![\w.])", words) for t in types)


def heard_by(user: User | None, edition: Edition, since: int) -> set[str]:
    """The types of what this person's open page was told."""
    told = LiveMessage.objects.to(selectors.audiences_for(user, edition)).filter(pk__gt=since)
    return set(told.values_list("type", flat=True))


# ---------------------------------------------------------------- the contract


@pytest.fixture
def stage(world: World, site_link: Deliverable, pixels: Team, ada: User, diane: Juror) -> Any:
    """Everybody and everything, by name."""
    return SimpleNamespace(**world.objects, link=site_link, other=pixels, ada=ada, president=diane)


@pytest.mark.parametrize("kind", CASES)
def test_an_old_page_and_the_message_are_a_fresh_page(
    kind: str,
    stage: SimpleNamespace,
    client_of: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=80 * 10**9))
    case = CASES[kind]
    people = {name: User.objects.filter(email=f"{name}@example.org").first() for name in PAGES}
    browsers = {name: client_of(user) if user else Client() for name, user in people.items()}
    opened = [
        (name, reverse(page, kwargs=of)) for name, pages in PAGES.items() for page, of in pages
    ]
    changed = []
    with time_machine.travel(case.at, tick=False):
        if case.before:
            case.before(stage, case.at)
        old = {(name, url): Page(browsers[name], url) for name, url in opened}
        since = live.last_id()

        case.act(stage, case.at)

        assert LiveMessage.objects.filter(pk__gt=since, type=kind).exists()
        for (name, url), page in old.items():
            fresh = Page(browsers[name], url)
            changed += [url] if page.text != fresh.text else []
            page.hear(heard_by(people[name], stage.edition, since), fresh)
            if words := ASKS_TO_RELOAD.get((kind, url)):
                assert words in page.text
                continue
            assert page.text == fresh.text, (kind, name or "anybody", url)
    assert bool(changed) is case.shows, changed
