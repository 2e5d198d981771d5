"""A juror's own sheets side by side."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hackathon.run.page_client import markup
from judging.models import Juror, Recusal, ScoreSheet
from judging.scoring.comparison import comparison_of
from tests.conftest import make_team
from tests.judging.conftest import NIGHT, text_of
from tests.queries import queries_of

pytestmark = pytest.mark.time_machine(NIGHT, tick=False)

ADDRESS = "/jury/INFOCOM/comparer/"


def chosen(juror: Juror, **wanted: str) -> list[int | None]:
    found = comparison_of(juror, **wanted)
    return [found.first, found.second]


def test_two_own_sheets_are_beside_each_other(client_of, fill, dan, comunik, five, third):
    fill(dan, comunik, 16, 12.5, comment="Un vrai marché.")
    fill(dan, third, 9, finish=False)
    ScoreSheet.objects.filter(team=third).update(notes="À revoir à deux.")

    page = text_of(client_of(dan.user).get(ADDRESS, {"first": third.pk, "second": comunik.pk}))

    for shown in ("Réponse au besoin", "12,5", "14,60", "Un vrai marché.", "À revoir à deux."):
        assert shown in page
    hidden = f'data-team="{five.pk}" data-cell="total" hidden'
    assert hidden in page
    assert hidden.replace(str(five.pk), str(third.pk)) not in page


def test_another_juror_is_never_in_it(client_of, fill, dan, diane, comunik, five):
    for team in (comunik, five):
        fill(diane, team, 12.5, 13.5, comment="De Diane")
    Recusal.objects.create(juror=dan, team=five, made_at=NIGHT, made_by=dan.user)

    page = text_of(client_of(dan.user).get(ADDRESS, {"first": five.pk, "second": comunik.pk}))

    for hidden in ("12,5", "13,5", "12.5", "13.5", "De Diane"):
        assert hidden not in page
    assert five.name not in page


def test_what_is_asked_for_is_completed_with_begun_sheets(fill, dan, comunik, five, third):
    fill(dan, third, 9, finish=False)
    teams = [line.team.pk for line in comparison_of(dan).sheets]
    others = [pk for pk in teams if pk != third.pk]

    assert chosen(dan) == [third.pk, others[0]]
    assert chosen(dan, first=str(others[1]), second=str(others[1])) == [others[1], third.pk]
    assert chosen(dan, first="x", second=str(others[0])) == [others[0], third.pk]


def test_a_juror_without_teams_has_an_empty_page(client_of, dan):
    assert client_of(dan.user).get(ADDRESS).status_code == 200


def test_more_teams_need_no_more_queries(client_of, fill, dan, comunik):
    fill(dan, comunik, 16, 12)
    browser = client_of(dan.user)
    browser.get(ADDRESS)
    one = queries_of(lambda: browser.get(ADDRESS))
    for name in ("Deux", "Trois"):
        fill(dan, make_team(comunik.department, name), 9, 9)

    with CaptureQueriesContext(connection) as three:
        page = browser.get(ADDRESS)

    assert len(three) == one
    assert "Trois" in markup.part(page.content.decode(), "content")
