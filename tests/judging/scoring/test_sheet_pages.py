import re

import pytest
import time_machine
from django.urls import reverse

from hackathon.base.accounts.models import User
from judging.deliberation.services import decision as deliberation
from judging.errors import JudgingRefusal
from judging.models import Score, ScoreSheet
from submissions.enums import DeliverableKind
from submissions.models import Deliverable, Submission
from teams.models import Team
from tests.conftest import DEADLINE, NOON
from tests.judging.conftest import NIGHT, text_of

pytestmark = pytest.mark.time_machine(NIGHT, tick=False)


HTMX = {"HX-Request": "true"}


@pytest.fixture
def url(comunik) -> str:
    return reverse("judging:sheet", args=["INFOCOM", comunik.pk])


def link(team: Team, deliverable: Deliverable, by: User, version: int = 1) -> Submission:
    return Submission.objects.create(
        deliverable=deliverable,
        team=team,
        version=version,
        begun_at=NOON,
        received_at=NOON,
        submitted_by=by,
        size=20,
        sha256="0" * 64,
        url="https://graal.example.org/",
    )


# ---------------------------------------------------------------- my teams


def test_the_list_shows_what_is_left(dan_client, dan, comunik, five, third, fill):
    fill(dan, comunik, 16, 15)
    fill(dan, five, 12, finish=False)

    page = text_of(dan_client.get(reverse("judging:index")))

    assert "restent 2 équipes à noter" in page
    assert "15,60" in page  # (3 × 16 + 2 × 15) / 5
    assert "1 sur 2 notés" in page
    assert "pas commencée" in page


@pytest.mark.parametrize(("wanted", "shown"), [("", 3), ("todo", 2), ("done", 1), ("autre", 3)])
def test_the_list_can_be_filtered(dan_client, dan, scored, fill, wanted, shown):
    ScoreSheet.objects.filter(team=scored[1]).update(state="draft", finished_at=None)

    page = text_of(dan_client.get(reverse("judging:index"), {"show": wanted}))

    rows = re.findall(r'<li>\s*<a class="team-row"', page)
    assert len(rows) == shown  # the others are hidden


# ---------------------------------------------------------------- the sheet


def test_an_empty_mark_does_not_look_like_a_zero(dan_client, dan, comunik, criteria, url, fill):
    fill(dan, comunik, 0, finish=False)

    page = text_of(dan_client.get(url))

    assert f'name="mark-{criteria[0].pk}" value="0"' in page
    assert f'name="mark-{criteria[1].pk}" value=""' in page
    assert "pas encore noté" in page


def test_an_empty_field_removes_the_mark(dan_client, dan, comunik, criteria, url, fill):
    fill(dan, comunik, 12, 14, finish=False)

    dan_client.post(url, {f"mark-{criteria[0].pk}": ""})

    assert [s.criterion for s in Score.objects.all()] == [criteria[1]]


@pytest.mark.parametrize(
    ("sent", "says"),
    [("21", "va de 0 à 20"), ("12,3", "demi-points"), ("beaucoup", "n’est pas un nombre")],
)
def test_a_refusal_is_shown_and_the_input_stays(dan_client, criteria, url, sent, says):
    field = f"mark-{criteria[0].pk}"

    page = dan_client.post(url, {field: sent, "comment": "Bien vu"})

    assert page.status_code == 422
    assert says in text_of(page)
    assert f'name="{field}" value="{sent}"' in text_of(page)
    assert "Bien vu" in text_of(page)
    assert not ScoreSheet.objects.exists()


def test_without_script_the_whole_page_is_saved(dan_client, criteria, url):
    need, idea = criteria
    data = {
        f"mark-{need.pk}": "12",
        f"seen-{need.pk}": "",
        f"mark-{idea.pk}": "",
        f"seen-{idea.pk}": "",
        "comment": "Bien vu\r\nmais court",
        "seen-comment": "",
        "set": f"{idea.pk}=16",
    }

    answer = dan_client.post(url, data)

    assert answer.status_code == 302
    assert {s.criterion: s.value for s in Score.objects.all()} == {need: 12, idea: 16}
    assert ScoreSheet.objects.get().comment == "Bien vu\nmais court"


def test_an_old_page_overwrites_only_changed_fields(dan_client, dan, comunik, criteria, url, fill):
    need, idea = criteria
    fill(dan, comunik, 12, 14, finish=False, comment="Nouveau")  # on another tablet
    old = {f"mark-{need.pk}": "8", f"seen-{need.pk}": "8", "comment": "", "seen-comment": ""}

    dan_client.post(url, {**old, f"mark-{idea.pk}": "15", f"seen-{idea.pk}": "9"})

    assert {s.criterion: s.value for s in Score.objects.all()} == {need: 12, idea: 15}
    assert ScoreSheet.objects.get().comment == "Nouveau"


def test_a_page_without_scripts_does_not_finish_with_marks_that_it_has_not_shown(
    dan_client, dan, comunik, criteria, url, fill
):
    need, idea = criteria
    fill(dan, comunik, 14, 14, finish=False)
    shown = ScoreSheet.objects.get().version
    fill(dan, comunik, 8, 14, finish=False)  # on a tablet, afterwards
    old = {"do": "finish", "version": shown}
    old |= {f"mark-{c.pk}": "14" for c in (need, idea)} | {
        f"seen-{c.pk}": "14" for c in (need, idea)
    }

    refused = dan_client.post(url, old)
    state = ScoreSheet.objects.get().state
    newest = {**old, "version": ScoreSheet.objects.get().version}
    dan_client.post(url, newest)

    assert str(JudgingRefusal.CHANGED_ELSEWHERE.label) in text_of(refused)
    assert (state, ScoreSheet.objects.get().state) == ("draft", "final")


def test_finishing_leads_to_the_next_unfinished_team(
    dan_client, dan, comunik, five, third, url, fill
):
    fill(dan, five, 10, 10)
    fill(dan, comunik, 10, 10, finish=False)

    answer = dan_client.post(url, {"do": "finish"})

    assert answer.headers["Location"] == reverse("judging:sheet", args=["INFOCOM", third.pk])
    assert ScoreSheet.objects.get(team=comunik).state == "final"


def test_finishing_the_last_sheet_leads_to_the_list(dan_client, dan, comunik, url, fill):
    fill(dan, comunik, 10, 10, finish=False)

    answer = dan_client.post(url, {"do": "finish"})

    assert answer.headers["Location"] == reverse("judging:index")


def test_a_finished_sheet_is_shown_closed_and_can_be_reopened(
    dan_client, dan, comunik, criteria, url, fill
):
    fill(dan, comunik, 10, 10)

    page = text_of(dan_client.get(url))
    refused = dan_client.post(url, {f"mark-{criteria[0].pk}": "9"}, headers=HTMX)
    reopened = dan_client.post(url, {"do": "reopen"})

    assert "disabled" in page
    assert "Rouvrir" in page
    assert refused.status_code == 422
    assert "Rouvrez-la" in text_of(refused)
    assert reopened.status_code == 302
    assert ScoreSheet.objects.get().state == "draft"


def test_own_range_of_marks(dan_client, dan, comunik, five, url, fill):
    fill(dan, comunik, 10, 10)
    fill(dan, five, 16, 16)

    page = text_of(dan_client.get(url))

    assert "Vos notes : de 10,00 à 16,00" in page
    assert "2<sup>e</sup>" in page


def test_the_sheet_leads_to_a_recusal_until_the_decision_is_locked(
    dan_client, diane, url, comunik, decided
):
    there = reverse("judging:recuse", args=["INFOCOM", comunik.pk])

    open_page = dan_client.get(url).content.decode()
    deliberation.lock(department=decided, by=diane.user, at=NIGHT)
    locked_page = dan_client.get(url).content.decode()

    assert there in open_page
    assert there not in locked_page


def test_before_scoring_opens_the_sheet_is_read_only(dan_client, criteria, url):
    with time_machine.travel(DEADLINE, tick=False):
        page = dan_client.get(url)
        refused = dan_client.post(url, {f"mark-{criteria[0].pk}": "9"}, headers=HTMX)

    assert "La notation ouvre le jeudi 13 février à 23:10." in text_of(page)
    assert refused.status_code == 422


def test_a_link_opens_without_opener_and_referrer(dan_client, comunik, ada, site_link, url):
    link(comunik, site_link, ada)

    page = text_of(dan_client.get(url, {"deliverable": site_link.pk}))

    assert 'href="https://graal.example.org/" target="_blank" rel="noopener noreferrer"' in page


@pytest.mark.parametrize(
    ("content_type", "tag"),
    [
        ("application/pdf", 'data-viewer="pdf"'),
        ("image/png", "<img"),
        ("video/mp4", "<video"),
        ("application/zip", "Télécharger ("),
        ("image/svg+xml", "Télécharger ("),
        ("text/html", "Télécharger ("),
    ],
)
def test_files_that_browsers_can_show_open_in_the_page(
    dan_client, comunik, ada, dossier, url, content_type, tag
):
    deposit = Submission.objects.create(
        deliverable=dossier,
        team=comunik,
        version=1,
        begun_at=NOON,
        received_at=NOON,
        submitted_by=ada,
        size=3,
        sha256="0" * 64,
        file="aa/aa",
        filename="dossier",
        content_type=content_type,
    )

    page = text_of(dan_client.get(url))
    piece = text_of(dan_client.get(url, headers={**HTMX, "HX-Target": "work"}))

    assert tag in page
    assert reverse("judging:content", args=[deposit.pk]) in page
    assert "à l’heure" in page
    assert piece.lstrip().startswith('<section class="sheet-work"')


def test_a_text_is_shown_as_text(dan_client, infocom, comunik, ada, url):
    pitch = Deliverable.objects.create(department=infocom, name="Pitch", kind=DeliverableKind.TEXT)
    Submission.objects.create(
        deliverable=pitch,
        team=comunik,
        version=1,
        begun_at=NOON,
        received_at=NOON,
        submitted_by=ada,
        size=3,
        sha256="0" * 64,
        text="<script>alert(1)</script>",
    )

    page = text_of(dan_client.get(url))

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_juror_sees_no_team_of_another_department(dan_client, pixels):
    for code in ("INFOCOM", "INFO", "RIEN"):
        address = reverse("judging:sheet", args=[code, pixels.pk])
        assert dan_client.get(address).status_code == 404


def test_no_page_shows_marks_of_another_juror(client_of, diane, max, comunik, url, fill):  # noqa: A002
    fill(diane, comunik, 17.5, 17.5, comment="Marqueur de Diane")

    pages = [client_of(max.user).get(address) for address in (url, reverse("judging:index"))]

    for page in pages:
        assert "17,5" not in text_of(page)
        assert "Marqueur" not in text_of(page)
