"""The light: in words, on every page that shows a deposit, for those who may see it."""

from collections.abc import Callable
from string import Formatter
from typing import Any

import pytest
import time_machine
from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from hackathon.accounts.models import User
from judging.models import Criterion, Juror
from submissions.enums import Health
from submissions.inspection import results
from submissions.inspection.found import Code, Found
from submissions.inspection.sentences import FINDINGS, sentences
from submissions.models import Deliverable, Submission
from teams.models import Team
from tests.conftest import NOON
from tests.submissions.conftest import deposit
from tests.submissions.inspection import samples

WORDS: dict[str, Any] = {
    "named": "PDF",
    "content": "ZIP",
    "page": 3,
    "width": 9,
    "height": 9,
    "format": "TIFF",
    "entry": "a",
    "host": "a.example",
    "status": 404,
    "port": 81,
    "virus": "Eicar",
}


@pytest.fixture
def submission(dossier: Deliverable, comunik: Team, ada: User) -> Submission:
    """A PDF, not yet looked into."""
    return deposit(dossier, comunik, ada, content=samples.pdf())


def light(submission: Submission, arguments: str = "") -> str:
    """The light as a page shows it."""
    fresh = Submission.objects.select_related("inspection").get(pk=submission.pk)
    template = Template("{% load lights %}{% light s " + arguments + " %}")
    return template.render(Context({"s": fresh}))


@pytest.mark.parametrize("code", list(Code))
def test_every_finding_has_its_sentence(code: Code) -> None:
    fields = {name for part in FINDINGS[code] for _, name, _, _ in Formatter().parse(str(part))}
    found = Found().but(code, **{name: WORDS[name] for name in fields if name})

    (to_team,) = sentences({}, found.findings, to_team=True)
    (to_others,) = sentences({}, found.findings, to_team=False)

    assert to_team.startswith(to_others)
    assert to_team.endswith(".")
    assert "{" not in to_team


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"type": "pdf", "pages": 1}, "Le PDF s’ouvre, 1 page"),
        ({"type": "pdf", "pages": 12}, "Le PDF s’ouvre, 12 pages"),
        ({"type": "image", "width": 80, "height": 60}, "L’image s’ouvre, 80 × 60 pixels"),
        ({"type": "video", "seconds": 95.2}, "La vidéo s’ouvre, 2\u202fmin"),
        ({"type": "video"}, "La vidéo s’ouvre"),
        ({"type": "archive", "entries": 2}, "L’archive s’ouvre, 2 fichiers"),
        ({"type": "document", "entries": 9}, "Le document s’ouvre"),
        ({"type": "link", "status": 200}, "Le lien répond"),
        ({}, "Bien reçu"),
    ],
)
def test_what_opens_is_said(facts: dict[str, Any], sentence: str) -> None:
    assert sentences(facts, [], to_team=True) == [sentence]


def test_the_gravest_comes_first() -> None:
    found = Found().but(Code.RARE_FORMAT, format="TIFF").but(Code.DAMAGED)

    assert sentences({}, found.findings, to_team=True)[0].startswith("Ce fichier est abîmé")


def test_while_nobody_looked(submission: Submission) -> None:
    shown = light(submission)

    assert "Vérification en cours…" in shown
    assert "<img" not in shown


def test_only_the_team_is_told_what_to_do(submission: Submission) -> None:
    results.record(submission, Found().but(Code.ENCRYPTED), at=NOON)

    assert "sans mot de passe" in light(submission)
    assert "sans mot de passe" not in light(submission, "'jury'")
    assert "demande un mot de passe" in light(submission, "'organizer'")


def test_words_of_the_file_do_not_become_markup(submission: Submission) -> None:
    found = Found().but(Code.ARCHIVE_ODD_NAMES, entry="<script>alert(1)</script>")
    results.record(submission, found, at=NOON)

    assert "<script>" not in light(submission)


def test_a_deposit_without_inspection_has_no_light(submission: Submission) -> None:
    submission.inspection.delete()

    assert light(submission).strip() == ""


@pytest.mark.parametrize("rows", [1, 3])
def test_the_team_sees_it_without_more_queries(
    rows: int,
    comunik: Team,
    ada: User,
    client_of: Callable[[User], Client],
    django_assert_max_num_queries: Callable[[int], Any],
    dossier: Deliverable,
) -> None:
    for number in range(rows):
        made = Deliverable.objects.create(
            department=comunik.department, name=f"Dossier {number}", kind="file", position=number
        )
        found = Found({"type": "pdf", "pages": 7 + number}, thumbnail=b"RIFF")
        results.record(deposit(made, comunik, ada, content=samples.pdf(1)), found, at=NOON)
    browser = client_of(ada)

    with time_machine.travel(NOON, tick=False), django_assert_max_num_queries(20):
        page = browser.get(reverse("submissions:deposits")).content.decode()

    for number in range(rows):
        assert f"Le PDF s’ouvre, {7 + number} pages" in page
    assert "live:submission.inspected" in page


@pytest.mark.parametrize("path", ["/rendu/", "/rendu/etat/"])
def test_the_summary_does_not_say_that_all_is_well_over_a_file_that_does_not_open(
    path: str, submission: Submission, client_of: Callable[[User], Client], ada: User
) -> None:
    browser = client_of(ada)
    with time_machine.travel(NOON, tick=False):
        waiting = browser.get(path).content.decode()
        results.record(submission, Found().but(Code.ENCRYPTED), at=NOON)
        summary = browser.get(path).content.decode().partition("deposits-rule")[0]

    assert "tout est rendu" in waiting
    assert "tout est rendu" not in summary
    assert "tout est reçu" in summary
    assert "1 livrable ne s’ouvre pas" in summary


def test_the_control_room_says_what_does_not_open(
    submission: Submission, client_of: Callable[[User], Client], eve: User
) -> None:
    browser = client_of(eve)
    address = reverse("control_room:block", args=["checks"])
    assert "hidden" in browser.get(address).content.decode()

    results.record(submission, Found().but(Code.ENCRYPTED), at=NOON)
    with time_machine.travel(NOON, tick=False):
        block = browser.get(address).content.decode()

    assert "1 dépôt ne s’ouvre pas" in block
    assert "Com’unik" in block
    assert "Dossier de stratégie : Ce fichier demande un mot de passe" in block
    assert "hidden" not in block


def test_a_newer_version_that_opens_takes_it_away(
    submission: Submission, comunik: Team, ada: User, eve: User, client_of: Callable[..., Client]
) -> None:
    results.record(submission, Found().but(Code.ENCRYPTED), at=NOON)
    newer = deposit(submission.deliverable, comunik, ada, content=samples.pdf())
    results.record(newer, Found({"type": "pdf", "pages": 3}), at=NOON)

    block = client_of(eve).get(reverse("control_room:block", args=["checks"]))

    assert "hidden" in block.content.decode()
    assert newer.inspection.health == Health.PENDING  # the object of before; the row says good


def test_the_jury_sees_it(
    submission: Submission,
    dan: Juror,
    dan_user: User,
    criteria: list[Criterion],
    client_of: Callable[[User], Client],
) -> None:
    found = Found({"type": "pdf", "pages": 7}, thumbnail=b"RIFF")
    results.record(submission, found, at=NOON)
    address = reverse("judging:sheet", args=["INFOCOM", submission.team_id])

    with time_machine.travel(NOON, tick=False):
        page = client_of(dan_user).get(address).content.decode()

    assert "Le PDF s’ouvre, 7 pages" in page


def test_the_thumbnail_is_served_like_a_picture(
    submission: Submission, ada: User, client_of: Callable[[User], Client]
) -> None:
    address = reverse("submissions:thumbnail", args=[submission.pk])
    browser = client_of(ada)
    assert browser.get(address).status_code == 404

    results.record(submission, Found(thumbnail=b"RIFF picture"), at=NOON)
    answer = browser.get(address)

    assert b"".join(answer.streaming_content) == b"RIFF picture"  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "image/webp"
    assert answer["Cache-Control"].startswith("private")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_lost_thumbnail_is_not_found(
    submission: Submission, ada: User, client_of: Callable[[User], Client]
) -> None:
    results.record(submission, Found(thumbnail=b"RIFF"), at=NOON)
    submission.inspection.refresh_from_db()
    submission.inspection.thumbnail.storage.delete(submission.inspection.thumbnail.name)

    answer = client_of(ada).get(reverse("submissions:thumbnail", args=[submission.pk]))

    assert answer.status_code == 404
