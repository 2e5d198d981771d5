"""The president prepares the letters: what they lack, who can write it, what betrays its author."""

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Department
from hackathon.extras.letters.enums import Kind, TeamReads
from hackathon.extras.letters.models import Remark, Sentences
from hackathon.extras.letters.preparation import Letters, letters_of
from judging.deliberation.rules import REMINDER_PAUSE
from judging.models import Criterion, Juror
from judging.scoring.changes import Change
from judging.scoring.services import sheets
from teams.models import Team
from tests.conftest import make_team
from tests.judging.conftest import MORNING, NIGHT, live_messages, text_of

pytestmark = pytest.mark.time_machine(NIGHT, tick=False)

PRAISE, ADVICE = Kind.PRAISE, Kind.ADVICE
ADDRESS = "/jury/INFOCOM/lettres/"


def write(juror: Juror, team: Team, kind: Kind, text: str, criterion: Criterion) -> Remark:
    sheets.save(
        juror=juror,
        team=team,
        marks={},
        remarks=[Change(kind, text, criterion)],
        by=juror.user,
        at=NIGHT,
    )
    return Remark.objects.written().get(sheet__juror=juror, sheet__team=team, criterion=criterion)


def letters(department: Department) -> Letters:
    return letters_of(department, at=NIGHT)


def cells(department: Department, team: Team) -> list[tuple[str, bool, bool]]:
    (line,) = [line for line in letters(department).teams if line.team == team]
    return [(cell.criterion.name, cell.has_praise, cell.has_advice) for cell in line.cells]


def test_what_each_letter_lacks_and_who_can_write_it(scored, dan, diane, criteria, fill):
    comunik, five, third = scored
    need, idea = criteria
    fill(diane, five, 12, 12)
    write(dan, comunik, PRAISE, "Un vrai besoin.", need)
    write(dan, five, PRAISE, "Un vrai besoin.", need)
    write(dan, five, ADVICE, "Chiffrez le marché.", need)
    write(diane, five, ADVICE, "Osez davantage.", idea)

    found = {line.team: line for line in letters(dan.department).teams}

    assert cells(dan.department, comunik) == [(need.name, True, False), (idea.name, False, False)]
    assert cells(dan.department, five) == [(need.name, True, True), (idea.name, False, True)]
    assert {team.name: line.lacks for team, line in found.items()} == {
        "Com’unik": True,
        "Les Five": False,
        "Bocal à idées": True,
    }
    assert found[comunik].lacks_advice
    assert [juror.user.name for juror in found[five].readers] == ["Dan", "Diane"]
    assert found[third].readers == []


def test_sentences_of_drafts_and_those_that_no_team_reads_fill_no_letter(scored, dan, criteria):
    comunik, _, third = scored
    need, idea = criteria
    write(dan, comunik, PRAISE, "Un vrai besoin.", need)
    write(dan, comunik, PRAISE, "Une idée neuve.", idea)
    write(dan, third, PRAISE, "Un début.", need)
    Sentences.objects.create(criterion=need, team_reads=TeamReads.NEVER)
    Sentences.objects.create(criterion=idea, team_reads=TeamReads.IF_JUROR_WANTS)

    assert cells(dan.department, comunik) == [(need.name, False, False), (idea.name, False, False)]
    Remark.objects.update(is_shared=True)
    assert cells(dan.department, comunik) == [(need.name, False, False), (idea.name, True, False)]
    assert cells(dan.department, third) == [(need.name, False, False), (idea.name, False, False)]


def test_queries_are_the_same_for_3_and_20_teams(
    scored, dan, diane, criteria, client_of, infocom, fill
):
    browser = client_of(diane.user)
    write(dan, scored[0], PRAISE, "Un vrai besoin.", criteria[0])
    browser.get(ADDRESS)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(ADDRESS).status_code == 200
        return len(captured)

    few = queries()
    for number in range(17):
        team = make_team(infocom, f"Équipe {number}")
        for juror in (dan, diane):
            fill(juror, team, 12, 12)
            write(juror, team, ADVICE, "Chiffrez.", criteria[0])

    assert queries() == few


def test_the_page_shows_sentences_with_their_authors_and_points_at_clues(
    scored, dan, diane, criteria, client_of
):
    write(dan, scored[0], ADVICE, "En tant que client, j’attends un prix.", criteria[0])

    page = text_of(client_of(diane.user).get(ADDRESS))

    assert "En tant que client, j’attends un prix." in page
    assert "« En tant que client » : le métier ou le rôle de l’auteur ?" in page.replace(
        "\xa0", " "
    )
    assert "Il se trompe et il en laisse passer" in page
    assert f"Demander une phrase pour {scored[1].name}" in page
    assert f"Demander une phrase pour {scored[2].name}" not in page  # nobody has read it


@pytest.mark.parametrize("role", ["dan", "eve", "ada", "cleo"])
def test_only_the_president_reads_sentences(role, scored, dan, criteria, client_of, request):
    remark = write(dan, scored[0], PRAISE, "Un vrai besoin.", criteria[0])
    person = request.getfixturevalue(role)
    browser = client_of(getattr(person, "user", person))

    answers = [browser.get(ADDRESS), browser.get(f"{ADDRESS}phrases/{remark.pk}/")]

    assert [answer.status_code for answer in answers] == [404, 404]


def post(browser: Client, **data: object) -> str:
    with TestCase.captureOnCommitCallbacks(execute=True):
        return text_of(browser.post(ADDRESS, data, follow=True))


def test_the_president_asks_those_who_have_read_the_team(
    scored, dan, diane, fill, client_of, locked
):
    """After the lock too."""
    browser = client_of(diane.user)

    page = post(browser, team=scored[1].pk)
    again = post(browser)

    assert "Demande envoyée : Dan." in page
    assert "Personne à prévenir" in again
    assert [message.to for message in mail.outbox] == [[dan.user.email]]
    body = mail.outbox[0].body
    assert "- Com’unik\n- Les Five" in body
    assert "Bocal" not in body
    data = {"department": "INFOCOM", "juror": dan.pk, "completes": True}
    assert (f"jury:{dan.department_id}", data) in live_messages("juror.reminded")
    assert JournalEntry.objects.get(act="sentences.asked").person_pk == dan.user_id
    with time_machine.travel(NIGHT + REMINDER_PAUSE, tick=False):
        assert "Demande envoyée : Dan." in post(browser)


def test_the_president_edits_and_withholds_and_the_journal_has_no_text(
    scored, dan, diane, criteria, client_of
):
    browser, need = client_of(diane.user), criteria[0]
    write(dan, scored[0], PRAISE, "Moi, maire, j’achète.", need)
    remark = write(dan, scored[0], ADVICE, "Nul.", need)
    url = f"{ADDRESS}phrases/{remark.pk}/"

    browser.post(url, {"letter_praise": "", "letter_advice": "Chiffrez le marché."})
    remark.refresh_from_db()
    edited = (remark.praise, remark.advice, remark.letter_praise, remark.letter_advice)
    by = remark.edited_by
    browser.post(url, {"letter_praise": "Moi, maire, j’achète.", "letter_advice": "Nul."})
    remark.refresh_from_db()

    assert edited == ("Moi, maire, j’achète.", "Nul.", "", "Chiffrez le marché.")
    assert by == diane.user
    assert remark.edited_at is None  # given back to the juror
    entries = JournalEntry.objects.filter(act="sentences.edited")
    assert entries.count() == 2
    assert not any(
        word in str(entry.detail) for entry in entries for word in ("Nul", "maire", "Chiffrez")
    )


def test_two_presidents_who_edit_one_sentence_lose_nothing(scored, dan, diane, criteria, client_of):
    browser = client_of(diane.user)
    remark = write(dan, scored[0], ADVICE, "Nul.", criteria[0])
    url = reverse("letters:remark", args=["INFOCOM", remark.pk])
    opened = browser.get(url).context["form"]["opened"].value()
    browser.post(url, {"letter_advice": "À revoir."})

    answer = browser.post(url, {"letter_advice": "À refaire.", "opened": opened})

    assert answer.status_code == 422
    assert "« À revoir. »" in text_of(answer).replace("\xa0", " ")
    assert Remark.objects.get().letter_advice == "À revoir."


def test_nothing_changes_after_the_publication(scored, dan, diane, criteria, client_of, edition):
    remark = write(dan, scored[0], ADVICE, "Nul.", criteria[0])
    edition.results_published_at = MORNING
    edition.save()
    with time_machine.travel(MORNING, tick=False):
        browser = client_of(diane.user)
        answer = browser.post(f"{ADDRESS}phrases/{remark.pk}/", {"letter_advice": "Bien."})
        page = text_of(browser.get(ADDRESS))

    assert "elles ne changent plus" in text_of(answer)
    assert "Demander" not in page
    assert Remark.objects.get().letter_advice == "Nul."
