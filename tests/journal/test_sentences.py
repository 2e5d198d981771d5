"""Each act in words."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import translation

from hackathon.base.core.acts import MISSING, Facts, registry
from hackathon.base.core.typography import NARROW, NO_BREAK
from tests.extras import gathered
from tests.journal import cases_of_competition, cases_of_site
from tests.sources import is_installed

AT = datetime(2020, 2, 13, 21, 50, tzinfo=UTC)


def facts(act: str, detail: dict[str, Any], **given: Any) -> Facts:
    names = {"who": "Eve", "person": "Dan", "team": "Les Pixels", "department": "Info-Com"}
    names |= {"people": "Dan, Max"}
    return Facts(
        act=act,
        at=AT,
        detail=detail,
        zone=ZoneInfo("Europe/Paris"),
        **{"target": given.pop("target", "x.y:1"), **names, **given},
    )


TARGETS = {
    **gathered("targets"),
    "consents": "teams.membership:1",
    "edition": "editions.edition:1",
    "move": "editions.edition:1",
    "legal_notice": "site.legalnotice:1",
    "milestone": "editions.milestone:1",
    "department": "editions.department:1",
    "team": "teams.team:1",
    "deliverable": "submissions.deliverable:1",
    "criterion": "judging.criterion:1",
    "projector": "stage.projector:1",
}


CASES = cases_of_site.CASES | cases_of_competition.CASES | gathered("sentences")
LIVE_MESSAGES = {"team.updated"}


def plain(text: str) -> str:
    return text.replace(NO_BREAK, " ").replace(NARROW, " ")


def codes_in_services() -> Iterator[tuple[str, str]]:
    """What is passed to `journal.record`, directly or through a function of the module."""
    for app in ("hackathon", "teams", "submissions", "judging"):
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            text = path.read_text()
            if "journal.record" not in text or not is_installed(path):
                continue
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Constant) and re.fullmatch(
                    r"[a-z]+(_[a-z]+)*\.[a-z_]+", str(node.value)
                ):
                    yield str(node.value), path.name


@pytest.mark.parametrize("code", sorted(registry.acts))
def test_the_sentence_of_each_act(code):
    detail, expected = CASES[code]
    found = facts(code, detail, target=TARGETS.get(code.partition(".")[0], "x.y:1"))

    with translation.override("fr"):
        assert plain(registry.text(found)) == expected
        assert str(registry.acts[code].label)
    with translation.override("en"):
        assert MISSING not in registry.text(found)


def test_every_code_of_a_service_has_an_act():
    known = set(registry.acts)

    missing = {code for code, _path in codes_in_services()} - known

    assert missing <= LIVE_MESSAGES
    assert len(known) > 70
