"""The contract of live messages: an old page plus the message equals a fresh page.

Every message type in the code has a case here, with the act that publishes it. The old page is then
treated as the browser does: the parts that name a message which the user received are fetched
again. The result must equal the page as it is rendered now. What scripts change alone (clocks,
toasts) is tested in `tests/browser`.
"""

import ast
import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core.models import LiveMessage
from hackathon.base.live import messages
from hackathon.base.live.fragments import registry
from hackathon.base.live.nouns import noun_of
from hackathon.event.roles import audiences_for
from hackathon.run.page_client import markup
from tests.conftest import DEADLINE, NOON
from tests.extras import all_cases, gathered
from tests.read_tables import tables_named
from tests.site import live_actions as acts
from tests.site.live_actions import MORNING
from tests.site.live_case import Case
from tests.site.open_page import Page, received_types
from tests.sources import is_installed, templates

APPS = ("hackathon", "teams", "submissions", "judging")
TYPE = re.compile(r"[a-z_]+\.[a-z_]+")
INTERNAL = {messages.DELETED}  # between processes; not sent to pages


# ---------------------------------------------------------------- every type has a case


def published_types() -> set[str]:
    found = set()
    for app in APPS:
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            if is_installed(path):
                found |= types_in(path)
    return found - INTERNAL


def types_in(path: Path) -> set[str]:
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
    if path.name == "live.py":
        return not function.endswith("forget")
    return re.search(r"^(\w+_)?live\.|_publish$|^_tell", function) is not None


def test_every_message_type_has_a_case():
    assert published_types() == set(CASES)


# ---------------------------------------------------------------- every type has a part

SHOWS = re.compile(r'data-shows="([^"]*)"')
TEMPLATE_TAG = re.compile(r"\{%.*?%\}")
# The page itself sends `rights.changed`. A part that only an instant changes shows `clock`.
OF_THE_PAGE = {"rights", "clock"}
ONLY_SCRIPTS = {"lights", "milestone"}  # lights.js; sound.js, toast.js


def shown_by_parts() -> dict[str, set[str]]:
    """The nouns that the parts of each template show, and those of each fragment."""
    found = {name: set(fragment.shows.split()) for name, fragment in registry.fragments.items()}
    for path in templates():
        for words in SHOWS.findall(path.read_text()):
            nouns = {noun_of(word) for word in TEMPLATE_TAG.sub(" ", words).split()}
            found.setdefault(path.name, set()).update(nouns)
    return found


def test_every_message_type_is_shown_by_a_part():
    """Or it is named here, with the script that uses it, or in a case of an extra."""
    published = {noun_of(kind) for kind in published_types()}
    of_extras = {noun_of(kind) for kind, case in gathered("messages").items() if not case.shows}

    shown = set().union(*shown_by_parts().values())
    assert published - shown == ONLY_SCRIPTS | (of_extras - shown)


def test_every_part_shows_what_messages_are_about():
    known = {noun_of(kind) for kind in published_types()} | OF_THE_PAGE

    assert {name: nouns - known for name, nouns in shown_by_parts().items() if nouns - known} == {}


# ---------------------------------------------------------------- the cases


CASES: dict[str, Case] = {
    "announcement.corrected": Case(acts.correct),
    "announcement.published": Case(acts.announce),
    "announcement.scheduled": Case(acts.announce_later),
    "announcement.withdrawn": Case(acts.withdraw),
    "brief.changed": Case(acts.rewrite_the_brief),
    "ceremony.moved": Case(acts.rehearse, MORNING),
    "client.changed": Case(acts.write_about_the_client),
    "comparison.changed": Case(
        acts.agree_to_compare,
        MORNING,
        before=acts.publish_shared_marks,
        own_page="judging:own-team",
    ),
    "deliberation.closed": Case(acts.decide_again, MORNING, before=acts.decide_and_open),
    "deliberation.locked": Case(acts.lock, MORNING, before=acts.decide),
    "deliberation.nominated": Case(acts.lock_nominations, MORNING, before=acts.nominate),
    "deliberation.opened": Case(acts.open_to_sign, MORNING, before=acts.decide),
    "deliberation.reopened": Case(acts.reopen, MORNING, before=acts.decide_and_lock),
    "deliberation.signed": Case(acts.sign, MORNING, before=acts.decide_and_open),
    "deliverable.changed": Case(acts.ask_for_more),
    "edition.changed": Case(acts.move),
    "extension.granted": Case(acts.grant),
    "extension.revoked": Case(acts.revoke),
    "help.moved": Case(
        acts.withdraw_the_call_before, NOON + timedelta(minutes=1), before=acts.call_behind
    ),
    "juror.reminded": Case(acts.remind_a_juror, MORNING),
    "jury.changed": Case(acts.appoint),
    "lights.completed": Case(acts.light_the_last_window, shows=False),
    "membership.changed": Case(acts.take_away),
    "milestone.reached": Case(
        acts.say_that_an_hour_is_left, DEADLINE - timedelta(hours=1), shows=False
    ),
    "own_team.changed": Case(acts.rename),
    "partner.changed": Case(acts.thank_another_partner),
    "projector.changed": Case(acts.add_a_projector),
    "question.answered": Case(acts.answer),
    "question.asked": Case(acts.ask, NOON + timedelta(minutes=1)),
    "question.closed": Case(acts.close),
    "question.published": Case(acts.publish_the_answer, before=acts.answer),
    "question.released": Case(acts.release, before=acts.take),
    "question.taken": Case(acts.take),
    "results.published": Case(acts.publish_results, MORNING, before=acts.decide_and_lock),
    "screen.switched": Case(acts.switch_the_scene),
    "seal.made": Case(acts.seal, DEADLINE + timedelta(hours=1)),
    "sheet.progressed": Case(acts.finish_a_sheet, MORNING),
    "storage.filled": Case(acts.fill_the_disk, shows=False),
    "submission.inspected": Case(acts.look_inside, before=acts.hand_in_a_file),
    "submission.received": Case(acts.hand_in),
    "team.dissolved": Case(acts.dissolve),
    "team.registered": Case(acts.register),
    "team.updated": Case(acts.rename),
    "upload.begun": Case(acts.begin_an_upload),
    "upload.ended": Case(acts.give_an_upload_up, before=acts.begin_an_upload),
    "window.changed": Case(acts.hand_in),
    "work.changed": Case(acts.hide_the_works, MORNING, shows=False),  # of the palmarès, later
    **gathered("messages"),
}

# Pages that do not change under what the user is doing, but ask them to reload.
ASKS_TO_RELOAD = {("deliverable.changed", "/rendu/")}

# The open pages of each user.
PAGES: dict[str, list[tuple[str, dict[str, str]]]] = {
    "": [
        ("home", {}),
        ("submissions:public-seals", {}),
        ("judging:palmares", {}),
        ("judging:envelopes", {}),
        ("stage:projector", {}),
        ("stage:ceremony", {}),
    ],
    "ada": [
        ("teams:mine", {}),
        ("submissions:deposits", {}),
        ("editions:briefs", {}),
        ("partners:client", {}),
        ("editions:brief", {"code": "INFOCOM"}),
        ("questions:list", {}),
    ],
    "max": [("questions:queue", {})],
    "dan": [("judging:index", {}), ("judging:sign", {"code": "INFOCOM"})],
    "diane": [("judging:progress-report", {"code": "INFOCOM"})],
    "eve": [
        ("announcements:list", {}),
        ("control_room:control", {}),
        ("questions:queue", {}),
        ("questions:list", {}),
        ("teams:list", {"slug": "ccd-2020"}),
        ("submissions:seals", {"slug": "ccd-2020"}),
        ("judging:publish", {"slug": "ccd-2020"}),
        ("judging:progress-report", {"code": "INFOCOM"}),
        ("stage:remote", {}),
        ("stage:projectors", {"slug": "ccd-2020"}),
    ],
}
for _pages in (cases.pages for cases in all_cases()):
    for _name, _more in _pages.items():
        PAGES[_name] = [*PAGES[_name], *_more]


# ---------------------------------------------------------------- the contract


@pytest.fixture
def stage(world, site_link, pixels, ada, diane) -> Any:
    own = {"link": site_link, "other": pixels, "ada": ada, "president": diane}
    return SimpleNamespace(**world.objects | own)


def kinds_of(start: tuple[Any, datetime]) -> list[str]:
    return [kind for kind, case in CASES.items() if (case.before, case.at) == start]


def name_of(start: tuple[Any, datetime]) -> str:
    before, at = start
    return f"{at:%d-%Hh%M}-{before.__name__ if before else 'unchanged'}"


STARTS = dict.fromkeys((case.before, case.at) for case in CASES.values())


@pytest.mark.parametrize("start", STARTS, ids=name_of)
def test_an_old_page_and_the_message_are_a_fresh_page(start, stage, client_of, monkeypatch):
    """All cases with the same old pages in one test, each rolled back: rendering takes the time."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=80 * 10**9))
    before, at = start
    people = {name: User.objects.filter(email=f"{name}@example.org").first() for name in PAGES}
    browsers = {name: client_of(user) if user else Client() for name, user in people.items()}
    opened = [
        (name, reverse(page, kwargs=of)) for name, pages in PAGES.items() for page, of in pages
    ]
    own_pages = (CASES[kind].own_page for kind in kinds_of(start))
    opened += [("ada", reverse(page)) for page in own_pages if page]
    with time_machine.travel(at, tick=False):
        if before:
            before(stage, at)
        old = {(name, url): Page(browsers[name], url) for name, url in opened}
        for kind in kinds_of(start):
            with transaction.atomic():
                check(kind, read_again(stage), people, old)
                transaction.set_rollback(True)
            cache.clear()


def read_again(stage: SimpleNamespace) -> SimpleNamespace:
    """The same rows in new objects; None if a row was deleted."""
    return SimpleNamespace(
        **{
            name: type(row)._base_manager.filter(pk=row.pk).first()
            for name, row in vars(stage).items()
        }
    )


def check(
    kind: str,
    stage: SimpleNamespace,
    people: dict[str, User | None],
    old: dict[tuple[str, str], Page],
) -> None:
    case, changed = CASES[kind], []
    since = messages.last_id()

    with tables_named(only_written=True) as written:
        case.act(stage, case.at)

    assert LiveMessage.objects.filter(pk__gt=since, type=kind).exists(), kind
    audiences = {
        name: frozenset(audiences_for(user, stage.edition)) for name, user in people.items()
    }
    received = {name: received_types(user, stage.edition, since) for name, user in people.items()}
    for (name, url), opened in old.items():
        page, fresh = opened.copy(), opened.fetched_again(written)
        changed += [] if page.text == fresh.text else [url]
        page.receive(received[name], fresh, audiences[name])
        if (kind, url) in ASKS_TO_RELOAD:
            # By these two submissions-deposits.js finds out that the list has changed.
            listed = [
                markup.element_with_id(page.html, part) for part in ("deposits", "deposits-summary")
            ]
            here, now = (part["data-shown"] for part in listed if part)
            assert here != now
            continue
        assert page.text == fresh.text, (kind, name or "anybody", url)
    assert bool(changed) is case.shows, (kind, changed)
