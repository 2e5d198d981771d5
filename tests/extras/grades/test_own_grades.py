import csv
import io
import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Edition
from hackathon.extras.grades import rules, services
from hackathon.extras.grades.errors import GradeRefusal
from hackathon.extras.grades.models import OwnGrade
from hackathon.extras.grades.selectors import grades_of
from hackathon.run.privacy import export
from hackathon.run.privacy.services.erasure import erase_own
from teams.models import Membership
from tests.conftest import NOON
from tests.judging.conftest import MORNING, text_of
from tests.queries import queries_of
from tests.refusals import refuses

pytestmark = pytest.mark.time_machine(MORNING, tick=False)
REASON = "Partie à midi, sans prévenir"


def give(user: User, by: User, kind: str = "absent", **values: Any) -> OwnGrade:
    values = {"mark": None, "reason": REASON} | values
    return services.give(user.memberships.get(), kind=kind, **values, by=by, at=NOON)


@pytest.fixture
def graded(locked, edition) -> Edition:
    """Not published yet."""
    Edition.objects.update(is_graded=True, shares_marks=True)
    edition.refresh_from_db()
    return edition


@pytest.fixture
def published(graded) -> Edition:
    Edition.objects.update(deliberated_at=MORNING, results_published_at=MORNING)
    graded.refresh_from_db()
    return graded


def files(edition: Edition, browser: Any) -> dict[str, tuple[str, object]]:
    """What Moodle and ScoDoc get, by name."""
    answer = browser.get(reverse("grades:grades", args=[edition.slug]) + "?export=csv")
    lines = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    moodle = {line[1]: line[-1] for line in lines}
    students = [[f"!{n}", *name.split()] for n, name in enumerate(moodle)]
    sheet = rules.evaluation_sheet([["!418", "Nom", "Prénom", "Groupe", "Note sur 10"], *students])
    assert sheet is not None
    rows = rules.filled(sheet, grades_of(edition, at=MORNING))[1:]
    scodoc = {name: row[4] for name, row in zip(moodle, rows, strict=True)}
    return {name: (moodle[name], scodoc[name]) for name in moodle}


@pytest.mark.parametrize(
    ("kind", "mark", "moodle", "scodoc"),
    [
        ("absent", None, "-", "ABS"),
        ("none", None, "-", "EXC"),
        ("mark", Decimal("12.5"), "12.50", Decimal("6.25")),
        ("mark", Decimal(0), "0.00", 0),
    ],
)
def test_one_person_has_another_mark_in_both_files_until_it_is_withdrawn(
    kind, mark, moodle, scodoc, published, client_of, eve, ada
):
    before = files(published, client_of(eve))

    own = give(ada, eve, kind, mark=mark)

    assert before["Ada"] == ("16.00", 8)
    assert files(published, client_of(eve)) == before | {"Ada": (moodle, scodoc)}
    services.withdraw(own, by=eve, at=MORNING)
    services.withdraw(own, by=eve, at=MORNING)
    assert files(published, client_of(eve)) == before
    acts = JournalEntry.objects.filter(act__startswith="own_grade").order_by("pk")
    assert [entry.act for entry in acts] == ["own_grade.given", "own_grade.withdrawn"]
    assert REASON not in json.dumps([entry.detail for entry in acts])
    assert "12.5" not in json.dumps([entry.detail for entry in acts])


def test_it_counts_before_a_noted_absence_and_is_not_counted_as_missing(
    published, client_of, eve, ada
):
    Membership.objects.filter(user=ada).update(absent_at=MORNING)

    give(ada, eve, "mark", mark=Decimal(9))

    assert files(published, client_of(eve))["Ada"] == ("9.00", Decimal("4.50"))
    give(ada, eve, "none")
    assert files(published, client_of(eve))["Ada"] == ("-", "EXC")
    page = text_of(client_of(eve).get(reverse("grades:grades", args=[published.slug])))
    assert "sans note" not in page


def test_the_person_reads_it_before_and_after_the_publication_and_no_one_else(
    graded, client_of, eve, ada, ben, diane_user
):
    give(ada, eve, "mark", mark=Decimal("12.5"))
    own, others = client_of(ada), [client_of(ben), client_of(diane_user)]

    assert REASON in text_of(own.get("/equipe/"))
    assert REASON not in text_of(others[0].get("/equipe/"))

    Edition.objects.update(deliberated_at=MORNING, results_published_at=MORNING)
    page = text_of(own.get(reverse("judging:own-team")))
    assert "Votre note à vous" in page
    assert "12,50 sur 20" in page
    assert REASON in page
    assert REASON in text_of(own.get("/equipe/"))
    for browser in others:
        for address in ("/equipe/", reverse("judging:own-team"), "/palmares/"):
            assert REASON not in text_of(browser.get(address))
            assert "Votre note à vous" not in text_of(browser.get(address))
    sheet = reverse("grades:own-grades", args=[graded.slug])
    assert [browser.get(sheet).status_code for browser in (own, *others)] == [404] * 3


def test_an_organizer_gives_it_from_the_page_of_the_team(graded, client_of, eve, ada, rhea):
    browser, member = client_of(eve), ada.memberships.get()
    sheet = reverse("control_room:sheet", args=[member.team_id])
    address = reverse("grades:own-grade", args=[graded.slug, member.pk])

    shown = text_of(browser.get(sheet))
    refused = browser.post(address, {"kind": "mark", "mark": "", "reason": REASON})
    too_much = browser.post(address, {"kind": "mark", "mark": "20,5", "reason": REASON})
    answer = browser.post(address, {"kind": "mark", "mark": "12,5", "reason": REASON})

    assert f'href="{address}"' in shown
    assert refused.status_code == too_much.status_code == 422
    assert answer["Location"] == reverse("grades:own-grades", args=[graded.slug])
    listed = text_of(browser.get(answer["Location"]))
    assert REASON in listed
    assert "12,50 sur 20" in listed
    assert "12,50 sur 20" in text_of(browser.get(sheet))
    assert "12,50" in browser.get(address).content.decode()
    assert "12,50 sur 20" not in text_of(client_of(rhea).get(sheet))
    assert client_of(rhea).get(answer["Location"]).status_code == 404
    browser.post(reverse("grades:withdraw", args=[graded.slug, OwnGrade.objects.get().pk]))
    assert not OwnGrade.objects.exists()


@pytest.mark.parametrize("is_first", [True, False])
def test_two_organizers_who_edit_one_see_each_other(is_first, graded, client_of, eve, ada):
    if not is_first:
        give(ada, eve, "mark", mark=Decimal(12))
    browser = client_of(eve)
    address = reverse("grades:own-grade", args=[graded.slug, ada.memberships.get().pk])
    opened = browser.get(address).context["form"]["opened"].value()
    give(ada, eve, "mark", mark=Decimal(8))

    sent = {"kind": "mark", "mark": "15", "reason": REASON, "opened": opened}
    answer = browser.post(address, sent)

    assert answer.status_code == 422
    assert OwnGrade.objects.get().mark == 8


def test_on_a_day_without_marks_no_page_shows_it(graded, client_of, eve, ada):
    give(ada, eve)
    Edition.objects.update(is_graded=False)

    sheet = reverse("control_room:sheet", args=[ada.memberships.get().team_id])
    assert REASON not in text_of(client_of(ada).get("/equipe/"))
    assert "Note à part" not in text_of(client_of(eve).get(sheet))


@pytest.mark.parametrize("code", GradeRefusal)
def test_each_refusal_has_a_case_and_changes_nothing(code, graded, eve, ada):
    cases = {
        GradeRefusal.NO_MARK: {"mark": Decimal(21)},
        GradeRefusal.NO_REASON: {"mark": Decimal(12), "reason": "  "},
    }

    with refuses(code):
        give(ada, eve, "mark", **cases[code])

    assert not OwnGrade.objects.exists()


def test_what_is_given_twice_is_one_act(graded, eve, ada):
    give(ada, eve)
    give(ada, eve)

    assert JournalEntry.objects.filter(act="own_grade.given").count() == 1


@pytest.mark.database
@pytest.mark.parametrize(
    "values",
    [
        {"kind": "mark", "mark": None},
        {"kind": "mark", "mark": Decimal("20.01")},
        {"kind": "absent", "mark": Decimal(3)},
        {"reason": ""},
    ],
)
def test_the_database_refuses_what_is_no_own_grade(values, graded, eve, ada):
    give(ada, eve)

    with pytest.raises(IntegrityError), transaction.atomic():
        OwnGrade.objects.update(**values)


def test_it_follows_the_person_into_another_team(published, client_of, eve, ben, pixels):
    give(ben, eve)
    Membership.objects.filter(user=ben).update(team=pixels)

    assert files(published, client_of(eve))["Ben"] == ("-", "ABS")


def test_a_person_has_it_in_the_own_data_and_erases_it(graded, eve, ada, ben):
    give(ben, eve)

    own = json.dumps(export.as_data(ben, at=NOON), default=str, ensure_ascii=False)
    mate = json.dumps(export.as_data(ada, at=NOON), default=str, ensure_ascii=False)
    erase_own(ben, at=NOON)

    assert REASON in own.replace("\u202f", " ").replace("\xa0", " ")
    assert "Partie" not in mate
    assert not OwnGrade.objects.exists()


def test_the_lists_have_a_constant_number_of_queries(published, client_of, eve, ada, ben):
    browser = client_of(eve)
    listed = reverse("grades:own-grades", args=[published.slug])
    exported = reverse("grades:grades", args=[published.slug])
    give(ada, eve)
    before = [queries_of(lambda page=page: browser.get(page)) for page in (listed, exported)]
    give(ben, eve)

    assert [queries_of(lambda p=p: browser.get(p)) for p in (listed, exported)] == before
