from typing import Any

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from hackathon.base.accounts.models import User
from hackathon.base.core.models import JournalEntry
from hackathon.base.core.typography import spaced
from hackathon.event.editions.errors import EditionRefusal
from submissions.deposits import services as deposits
from submissions.enums import Punctuality
from submissions.models import Deliverable, Submission
from submissions.versions import selectors
from teams.models import Team
from tests.conftest import DEADLINE, NOON
from tests.refusals import refuses
from tests.submissions.conftest import MINUTE, PDF, deposit, extend, file_at, files_in, published

AT_23_04 = DEADLINE + 4 * MINUTE
REASON = "clé USB apportée à 23:04"


def enter(deliverable: Deliverable, team: Team, by: User, **changed: Any) -> Submission:
    given: dict[str, Any] = {"begun_at": AT_23_04, "at": AT_23_04, "reason": REASON, **changed}
    return deposits.deposit(deliverable, team, file=file_at(given["at"]), by=by, **given)


def punctuality_of(submission: Submission) -> Punctuality:
    return selectors.version_of(submission).punctuality


def test_entry_is_a_version_with_author_and_reason(comunik, dossier, eve):
    entered = enter(dossier, comunik, eve, reason=f" {REASON} ")

    entered.refresh_from_db()
    assert (entered.submitted_by, entered.entry_reason, entered.version) == (eve, REASON, 1)
    assert entered.receipt.code
    entry = JournalEntry.objects.get(act="submission.received")
    assert (entry.by, entry.detail["entry_reason"]) == (eve, REASON)
    assert "submission.received" in [event for _audience, event in published()]


def test_entry_is_late_without_an_extension(comunik, dossier, eve):
    entered = enter(dossier, comunik, eve)
    before = punctuality_of(entered)

    extend(eve, 15, team=comunik)

    assert (before, punctuality_of(entered)) == (Punctuality.LATE, Punctuality.ON_TIME)


def test_late_entry_does_not_replace_a_version_on_time(comunik, dossier, ada, eve):
    in_time = deposit(dossier, comunik, ada)

    enter(dossier, comunik, eve)

    status = selectors.deposits_of(comunik, at=AT_23_04).statuses[0]
    assert status.counting is not None
    assert status.counting.submission == in_time


def test_entry_is_possible_before_the_launch(edition, comunik, dossier, eve):
    early = edition.starts_at - MINUTE

    assert (
        punctuality_of(enter(dossier, comunik, eve, begun_at=early, at=early))
        == Punctuality.ON_TIME
    )


def test_only_organizers_enter_deposits(comunik, dossier, ada):
    kept = files_in("deposits")

    with refuses(EditionRefusal.NOT_ORGANIZER):
        enter(dossier, comunik, ada)

    assert files_in("deposits") == kept


def test_page_shows_the_punctuality_in_advance(client_of, comunik, dossier, ada, eve):
    url = f"/organisation/equipes/{comunik.pk}/depot/?deliverable={dossier.pk}"
    with time_machine.travel(NOON, tick=False):
        in_time = client_of(eve).get(url).content.decode()
        deposit(dossier, comunik, ada)
    with time_machine.travel(AT_23_04, tick=False):
        late = client_of(eve).get(url).content.decode()

    assert "Arrivera à l’heure" in in_time
    assert "Arrivera marqué en retard" not in in_time
    assert "Arrivera marqué en retard" in late
    assert f"for=team:{comunik.pk}" in late
    assert "il ne remplacera pas la version 1" in late


@time_machine.travel(AT_23_04, tick=False)
def test_file_through_the_page(client_of, comunik, dossier, ada, eve, dan):
    browser = client_of(eve)
    url = f"/organisation/equipes/{comunik.pk}/depot/?deliverable={dossier.pk}"
    file = SimpleUploadedFile("dossier.pdf", PDF)

    response = browser.post(url, {"file": file, "reason": REASON}, follow=True)

    sentence = spaced(f"Saisi par Eve (organisation) : {REASON}")
    entered = Submission.objects.get()
    assert (entered.submitted_by, entered.received_at) == (eve, AT_23_04)
    page = response.content.decode()
    assert spaced("Dossier de stratégie : reçu à 23:04:00, version 1") in page
    assert sentence in page
    assert sentence in client_of(ada).get("/rendu/").content.decode()
    assert sentence in browser.get(f"/pilotage/equipes/{comunik.pk}/").content.decode()
    assert sentence in browser.get("/pilotage/").content.decode()
    sheet = client_of(dan.user).get(f"/jury/INFOCOM/equipes/{comunik.pk}/")
    assert sentence in sheet.content.decode()


@time_machine.travel(AT_23_04, tick=False)
def test_link_and_text_through_the_page(client_of, comunik, site_link, pitch, eve):
    browser = client_of(eve)
    url = f"/organisation/equipes/{comunik.pk}/depot/"

    link = browser.post(
        f"{url}?deliverable={site_link.pk}", {"url": "\ufeffexemple.org\u200b", "reason": REASON}
    )
    text = browser.post(f"{url}?deliverable={pitch.pk}", {"text": "Bonjour", "reason": REASON})

    assert (link.status_code, text.status_code) == (302, 302)
    received = Submission.objects.order_by("pk").values_list("url", "text", "entry_reason")
    assert list(received) == [("https://exemple.org", "", REASON), ("", "Bonjour", REASON)]


@time_machine.travel(NOON, tick=False)
def test_refused_page_keeps_what_was_typed(client_of, comunik, site_link, eve):
    url = f"/organisation/equipes/{comunik.pk}/depot/?deliverable={site_link.pk}"

    response = client_of(eve).post(url, {"url": "http://localhost/", "reason": REASON})

    assert response.status_code == 422
    page = response.content.decode()
    assert "ne s’ouvre que sur votre machine" in page
    assert REASON in page
    assert not Submission.objects.exists()


def test_deliverable_of_another_department_is_404(client_of, pixels, dossier, eve):
    url = f"/organisation/equipes/{pixels.pk}/depot/"

    assert client_of(eve).get(f"{url}?deliverable={dossier.pk}").status_code == 404
    assert client_of(eve).get(f"{url}?deliverable=x").status_code == 404
    assert "Rien à rendre" in client_of(eve).get(url).content.decode()


@time_machine.travel(AT_23_04, tick=False)
def test_through_the_api(client_of, comunik, site_link, ada, eve):
    body = {
        "deliverable": site_link.pk,
        "url": "https://example.org/",
        "team": comunik.pk,
        "reason": REASON,
    }
    post = {"path": "/api/v1/submissions/", "content_type": "application/json"}

    entered = client_of(eve).post(data=body, **post)
    without_reason = client_of(eve).post(data={**body, "reason": ""}, **post)
    without_team = client_of(eve).post(data={k: v for k, v in body.items() if k != "team"}, **post)
    by_a_member = client_of(ada).post(data=body, **post)

    assert entered.status_code == 201
    assert (entered.json()["mark"], entered.json()["entry_reason"]) == ("late", REASON)
    assert (without_reason.status_code, without_reason.json()["code"]) == (409, "entry_reason")
    assert without_team.status_code == 400
    assert by_a_member.status_code == 404
