import re
from datetime import datetime
from string import Formatter
from typing import Any

import pytest
import time_machine
from django.template import Context, Template
from django.urls import reverse

from hackathon.event.editions.models import Edition
from submissions.enums import Health
from submissions.inspection import services as inspections
from submissions.inspection.result import FindingCode, Result
from submissions.inspection.sentences import FINDINGS, sentences
from submissions.models import Deliverable, Inspection, Submission
from tests.addresses import blocks_url
from tests.conftest import DEADLINE, NOON
from tests.submissions.conftest import SECOND, deposit
from tests.submissions.inspection import samples

PARAMS: dict[str, Any] = {
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
def submission(dossier, comunik, ada) -> Submission:
    return deposit(dossier, comunik, ada, content=samples.pdf())


def light(submission: Submission, arguments: str = "") -> str:
    fresh = Submission.objects.select_related("inspection").get(pk=submission.pk)
    template = Template("{% load lights %}{% light s " + arguments + " %}")
    return template.render(Context({"s": fresh}))


@pytest.mark.parametrize("code", list(FindingCode))
def test_every_finding_has_its_sentence(code):
    fields = {name for part in FINDINGS[code] for _, name, _, _ in Formatter().parse(str(part))}
    result = Result().with_finding(code, **{name: PARAMS[name] for name in fields if name})

    (to_team,) = sentences({}, result.findings, to_team=True)
    (to_others,) = sentences({}, result.findings, to_team=False)

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
def test_the_sentence_of_a_readable_file(facts, sentence):
    assert sentences(facts, [], to_team=True) == [sentence]


def test_the_most_serious_finding_comes_first():
    result = (
        Result()
        .with_finding(FindingCode.RARE_FORMAT, format="TIFF")
        .with_finding(FindingCode.DAMAGED)
    )

    assert sentences({}, result.findings, to_team=True)[0].startswith("Ce fichier est abîmé")


@pytest.mark.parametrize(
    ("copied", "copy", "sentence"),
    [
        (False, "", "La vidéo s’ouvre, 8\u202fs"),
        (True, "a.mp4", "La vidéo s’ouvre, 8\u202fs"),
        (True, "", "Le format HEVC ne s’ouvre pas partout."),  # no copy could be made
    ],
)
def test_a_video_that_the_jury_reads_as_a_copy_needs_no_other_format(
    submission, copied, copy, sentence
):
    Inspection.objects.update(
        health=Health.DOUBTFUL,
        facts={"type": "video", "seconds": 8.0, "plays": False},
        findings=[{"code": "rare_format", "format": "HEVC"}],
        reading_copy=copy,
        copied_at=NOON if copied else None,
    )
    is_read = copy or not copied

    for reader in ("team", "organizer", "jury"):
        shown = light(submission, f"reader='{reader}'")
        assert sentence in shown
        assert ("is-ok" in shown) == bool(is_read)
        has_words = "Le jury en verra une copie qui s’ouvre partout." in shown
        assert has_words == (bool(is_read) and reader == "team")


def test_a_pending_inspection(submission):
    shown = light(submission)

    assert "Vérification en cours…" in shown
    assert "<img" not in shown


def test_only_the_team_sees_what_to_do(submission):
    inspections.record(submission, Result().with_finding(FindingCode.ENCRYPTED), at=NOON)

    assert "sans mot de passe" in light(submission)
    assert "sans mot de passe" not in light(submission, "'jury'")
    assert "demande un mot de passe" in light(submission, "'organizer'")


def test_names_in_the_file_are_escaped(submission):
    result = Result().with_finding(FindingCode.ARCHIVE_ODD_NAMES, entry="<script>alert(1)</script>")
    inspections.record(submission, result, at=NOON)

    assert "<script>" not in light(submission)


def test_a_deposit_without_inspection_has_no_light(submission):
    submission.inspection.delete()

    assert light(submission).strip() == ""


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_the_team_shows_it_without_more_queries(
    rows, comunik, ada, client_of, django_assert_max_num_queries, dossier
):
    for number in range(rows):
        made = Deliverable.objects.create(
            department=comunik.department, name=f"Dossier {number}", kind="file", position=number
        )
        result = Result({"type": "pdf", "pages": 7 + number}, thumbnail=b"RIFF")
        inspections.record(deposit(made, comunik, ada, content=samples.pdf(1)), result, at=NOON)
    browser = client_of(ada)

    with time_machine.travel(NOON, tick=False), django_assert_max_num_queries(28):
        page = browser.get(reverse("submissions:deposits")).content.decode()

    for number in range(rows):
        assert f"Le PDF s’ouvre, {7 + number} pages" in page
    assert 'data-fragment="deposits"' in page


def test_after_the_deadline_no_new_version_is_asked_for_where_none_would_count(
    submission, comunik, ada, client_of
):
    again, show = "Exportez-le de nouveau et renvoyez-le.", "Montrez-le à l’organisation"
    Edition.objects.update(late_policy="accept")
    inspections.record(submission, Result().with_finding(FindingCode.UNREADABLE), at=NOON)
    browser = client_of(ada)

    def page_at(at: datetime) -> str:
        with time_machine.travel(at, tick=False):
            return browser.get("/rendu/").content.decode()

    before, after = page_at(DEADLINE), page_at(DEADLINE + SECOND)
    now = re.sub(r"<template data-at.*?</template>", "", before, flags=re.DOTALL)
    Submission.objects.update(begun_at=DEADLINE + SECOND, received_at=DEADLINE + SECOND)
    all_late = page_at(DEADLINE + 2 * SECOND)

    assert (again in now, show in now) == (True, False)
    assert show in before  # in what an open page shows from the deadline on
    assert (again in after, show in after) == (False, True)
    assert 'class="is-settled"' in after
    assert (again in all_late, show in all_late) == (True, False)


@pytest.mark.parametrize("path", ["/rendu/", "/rendu/etat/"])
def test_the_summary_mentions_a_file_that_cannot_be_opened(path, submission, client_of, ada):
    browser = client_of(ada)
    with time_machine.travel(NOON, tick=False):
        waiting = browser.get(path).content.decode()
        inspections.record(submission, Result().with_finding(FindingCode.ENCRYPTED), at=NOON)
        summary = browser.get(path).content.decode().partition("deposits-rule")[0]

    assert "tout est rendu" in waiting
    assert "tout est rendu" not in summary
    assert "tout est reçu" in summary
    assert "1 livrable ne s’ouvre pas" in summary


def test_the_control_room_lists_what_cannot_be_opened(submission, client_of, eve):
    browser = client_of(eve)
    address = blocks_url("checks")
    assert "hidden" in browser.get(address).content.decode()

    inspections.record(submission, Result().with_finding(FindingCode.ENCRYPTED), at=NOON)
    with time_machine.travel(NOON, tick=False):
        block = " ".join(browser.get(address).content.decode().split())

    assert "1 dépôt ne s’ouvre pas" in block
    assert "Com’unik" in block
    assert "Dossier de stratégie : Ce fichier demande un mot de passe" in block
    assert "hidden" not in block


def test_the_control_room_names_another_version_that_opens(
    submission, comunik, ada, eve, client_of
):
    inspections.record(submission, Result({"type": "pdf", "pages": 3}), at=NOON)
    newer = deposit(submission.deliverable, comunik, ada, content=samples.pdf())
    inspections.record(newer, Result().with_finding(FindingCode.ENCRYPTED), at=NOON)

    with time_machine.travel(NOON, tick=False):
        block = client_of(eve).get(blocks_url("checks")).content.decode()

    assert "La version 2 compte, la version 1 s’ouvre." in " ".join(block.split())


def test_a_newer_readable_version_removes_it(submission, comunik, ada, eve, client_of):
    inspections.record(submission, Result().with_finding(FindingCode.ENCRYPTED), at=NOON)
    newer = deposit(submission.deliverable, comunik, ada, content=samples.pdf())
    inspections.record(newer, Result({"type": "pdf", "pages": 3}), at=NOON)

    block = client_of(eve).get(blocks_url("checks"))

    assert "hidden" in block.content.decode()
    # This object was read before the result was stored.
    assert newer.inspection.health == Health.PENDING


def test_the_jury_sees_the_result(submission, dan, dan_user, criteria, client_of):
    result = Result({"type": "pdf", "pages": 7}, thumbnail=b"RIFF")
    inspections.record(submission, result, at=NOON)
    address = reverse("judging:sheet", args=["INFOCOM", submission.team_id])

    with time_machine.travel(NOON, tick=False):
        page = client_of(dan_user).get(address).content.decode()

    assert "Le PDF s’ouvre, 7 pages" in page


def test_the_thumbnail_is_served_as_an_image(submission, ada, client_of):
    address = reverse("submissions:thumbnail", args=[submission.pk])
    browser = client_of(ada)
    assert browser.get(address).status_code == 404

    inspections.record(submission, Result(thumbnail=b"RIFF picture"), at=NOON)
    answer = browser.get(address)

    assert b"".join(answer.streaming_content) == b"RIFF picture"
    assert answer["Content-Type"] == "image/webp"
    assert answer["Cache-Control"].startswith("private")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_lost_thumbnail_is_not_found(submission, ada, client_of):
    inspections.record(submission, Result(thumbnail=b"RIFF"), at=NOON)
    submission.inspection.refresh_from_db()
    submission.inspection.thumbnail.storage.delete(submission.inspection.thumbnail.name)

    answer = client_of(ada).get(reverse("submissions:thumbnail", args=[submission.pk]))

    assert answer.status_code == 404
