"""What organizers ask of jurors, in which editions, and what a clone takes over."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from hackathon.base.core.errors import Refused
from hackathon.event.editions.enums import ClonedPart
from hackathon.event.editions.services import editions
from hackathon.extras.letters import services
from hackathon.extras.letters.enums import Kind, TeamReads
from hackathon.extras.letters.models import Remark, Sentences
from hackathon.extras.letters.remarks import asked_about
from judging.scoring.changes import Change
from judging.scoring.services import sheets
from tests.conftest import NOON
from tests.judging.conftest import NIGHT, text_of
from tests.refusals import refuses

PHRASES = {"praise_phrases": "Le besoin est clair.", "advice_phrases": "Osez."}


def test_organizers_say_who_reads_and_propose_phrases(edition, criteria, eve, client_of):
    browser, (need, idea) = client_of(eve), criteria
    content = {"team_reads": "juror", **PHRASES}

    browser.post(reverse("letters:sentences", args=[edition.slug, need.pk]), content)
    page = text_of(browser.get(reverse("letters:setup", args=[edition.slug])))

    asked = asked_about(criteria)
    assert {name: getattr(asked[need.pk], name) for name in content} == content
    assert asked[idea.pk].team_reads == TeamReads.ALWAYS
    assert "si le juré le veut" in page


def test_once_scoring_has_begun_phrases_change_and_readers_do_not(
    criteria, dan, comunik, fill, eve
):
    fill(dan, comunik, 14, finish=False)
    content = {"criterion": criteria[0], "by": eve, "at": NIGHT, **PHRASES}

    services.prepare(team_reads=TeamReads.ALWAYS, **content)
    with refuses("scoring_begun"):
        services.prepare(team_reads=TeamReads.NEVER, **content)

    assert Sentences.objects.get().advice_phrases == "Osez."


def test_without_the_extra_a_sheet_asks_and_takes_no_sentence(
    edition, infocom, criteria, dan, comunik, client_of
):
    edition.extras = [name for name in edition.extras if name != "letters"]
    edition.save()
    dan.department.edition = edition
    change = Change(Kind.PRAISE, "Un vrai besoin.", criteria[0])

    with time_machine.travel(NIGHT, tick=False):
        page = client_of(dan.user).get(reverse("judging:sheet", args=["INFOCOM", comunik.pk]))
        with pytest.raises(Refused) as refused:
            sheets.save(juror=dan, team=comunik, marks={}, remarks=[change], by=dan.user, at=NIGHT)

    assert "Écrire une phrase" not in text_of(page)
    assert refused.value.refusal.code == "change_unreadable"
    assert not Remark.objects.exists()


def test_the_tab_of_the_president_is_there_and_marked(criteria, diane, client_of):
    browser = client_of(diane.user)
    url = reverse("letters:index", args=["INFOCOM"])

    here = text_of(browser.get(url))
    elsewhere = text_of(browser.get(reverse("judging:progress-report", args=["INFOCOM"])))

    assert f'href="{url}" aria-current="page"' in here
    assert f'href="{url}">Lettres</a>' in elsewhere


def test_a_clone_takes_over_what_is_asked(edition, criteria, eve):
    content = {"team_reads": TeamReads.NEVER, **PHRASES}
    services.prepare(criterion=criteria[0], by=eve, at=NOON, **content)

    clone = editions.clone(
        source=edition,
        slug="ccd-2021",
        name="CCD 2021",
        starts_at=edition.starts_at + timedelta(days=364),
        parts=[ClonedPart.DEPARTMENTS, ClonedPart.CRITERIA, "letters"],
        by=eve,
        at=NOON,
    )

    copied = Sentences.objects.get(criterion__department__edition=clone)
    assert copied.criterion.name == criteria[0].name
    assert {name: getattr(copied, name) for name in content} == content
