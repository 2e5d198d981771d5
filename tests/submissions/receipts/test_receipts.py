import re
from datetime import timedelta
from typing import Any

import pytest
import segno
from django.test import Client
from django.urls import reverse

from submissions.deposits import services as deposits
from submissions.models import Receipt, Submission
from submissions.receipts import rules as receipts
from tests.conftest import DEADLINE, NOON
from tests.submissions.conftest import MINUTE, PDF, SECOND, deposit

pytestmark = pytest.mark.time_machine(NOON, tick=False)


@pytest.fixture
def submission(dossier, comunik, ada) -> Submission:
    return deposit(dossier, comunik, ada, name="secret-plan.pdf")


def text_of(answer: Any) -> str:
    body = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def check(code: str, browser: Client | None = None) -> Any:
    return (browser or Client()).get(reverse("submissions:receipt-check", args=[code]))


# ---------------------------------------------------------------- code and signature


def test_a_code_has_ten_characters_that_cannot_be_confused(submission):
    code = submission.receipt.code

    assert re.fullmatch(r"[2-9B-DF-HJ-NP-TV-XZ]{10}", code)
    assert submission.receipt.spoken_code == f"{code[:5]}-{code[5:]}"


@pytest.mark.parametrize(
    "changed",
    [
        {"version": 2},
        {"begun_at": NOON - SECOND},
        {"received_at": NOON + timedelta(microseconds=1)},
        {"size": 1},
        {"sha256": "0" * 64},
        {"filename": "other.pdf"},
        {"entry_reason": "Clé USB"},
        {"submitted_by": "ben"},
        {"team": "pixels"},
        {"deliverable": "site_link"},
        {"file": "", "filename": "", "url": "https://example.org"},
        {"file": "", "filename": "", "text": "Autre chose"},
    ],
    ids=lambda changed: "+".join(changed),
)
def test_a_changed_row_does_not_match_its_signature(submission, changed, request):
    assert receipts.is_genuine(Receipt.objects.get())
    people = {"submitted_by", "team", "deliverable"}
    values = {k: request.getfixturevalue(v) if k in people else v for k, v in changed.items()}

    Submission.objects.update(**values)

    assert not receipts.is_genuine(Receipt.objects.get())


def test_a_receipt_of_another_deposit_or_key_is_not_genuine(
    submission, dossier, comunik, ada, settings
):
    other = deposit(dossier, comunik, ada)
    mine = submission.receipt

    swapped = Receipt(submission=submission, code=mine.code, signature=other.receipt.signature)
    recoded = Receipt(submission=submission, code="2222222222", signature=mine.signature)
    former = settings.SECRET_KEY
    settings.SECRET_KEY = "another key, after the day"
    with_another_key = receipts.is_genuine(mine)
    settings.SECRET_KEY_FALLBACKS = [former]
    with_the_former_key = receipts.is_genuine(mine)

    assert not receipts.is_genuine(swapped)
    assert not receipts.is_genuine(recoded)
    assert (with_another_key, with_the_former_key) == (False, True)


# ---------------------------------------------------------------- the team's page


def test_the_page_shows_all_that_was_received(submission, client_of, ben, settings):
    settings.SITE_URL = "https://ccd.example.org"

    answer = client_of(ben).get(reverse("submissions:receipt", args=[submission.pk]))

    text, html = text_of(answer), answer.content.decode()
    code = submission.receipt
    address = f"https://ccd.example.org/recus/{code.code}/"
    for text_part in [
        "13:00:00",
        "jeudi 13 février 2020",
        "Europe/Paris, UTC+1",
        "à l’heure",
        "Dossier de stratégie",
        "version 1",
        "Com’unik",
        "secret-plan.pdf",
        f"{len(PDF)} octets",
        submission.sha256,
        "Rendu par Ada",
        code.spoken_code,
        address,
    ]:
        assert text_part in text
    assert f"Version {settings.VERSION}" in html  # of the site, at the foot
    drawn = segno.make_qr(address, error="m")
    assert drawn.svg_inline(border=2, dark="#15122e", light="#fff", omitsize=True) in html
    assert reverse("submissions:content", args=[submission.pk]) in html
    assert reverse("submissions:receipt-pdf", args=[submission.pk]) in html
    assert answer["Cache-Control"].startswith("max-age=0")


def test_the_page_shows_which_organizer_entered_it_and_why(dossier, comunik, ada, eve, client_of):
    submission = deposit(dossier, comunik, ada)
    # What an entry by an organizer writes, with a new signature.
    Submission.objects.update(submitted_by=eve, entry_reason="Clé USB à 23:04 <b>")
    submission.refresh_from_db()
    Receipt.objects.update(signature=receipts.signature_of(submission, submission.receipt.code))

    answer = client_of(ada).get(reverse("submissions:receipt", args=[submission.pk]))

    assert "Saisi par l’organisation Eve Raison Clé USB à 23:04 &lt;b&gt;" in text_of(answer)
    assert "modifié après la signature" not in text_of(answer)


def test_the_deposit_page_links_to_the_receipt(submission, client_of, ada):
    html = client_of(ada).get(reverse("submissions:deposits")).content.decode()

    assert reverse("submissions:receipt", args=[submission.pk]) in html
    assert f'Reçu<span class="sr-only"> :\n      {submission.deliverable.name}' in html


def test_a_changed_row_shows_a_warning_and_has_no_pdf(submission, client_of, ada):
    Submission.objects.update(sha256="0" * 64)
    page = reverse("submissions:receipt", args=[submission.pk])

    shown = client_of(ada).get(page)
    printed = client_of(ada).get(reverse("submissions:receipt-pdf", args=[submission.pk]))

    assert "modifié après la signature" in text_of(shown)
    assert "garder en PDF" not in text_of(shown)
    assert (printed.status_code, printed["Location"]) == (302, page)


# ---------------------------------------------------------------- the public page


def test_the_public_page_shows_the_receipt_of_a_code(submission):
    answer = check(submission.receipt.spoken_code.lower())

    text = text_of(answer)
    assert answer.status_code == 200
    assert "Ce reçu est authentique." in text
    for text_part in [
        "Crazy Charly Day 2020",
        "Com’unik",
        "Dossier de stratégie",
        "version 1",
        "13:00:00",
        "jeudi 13 février 2020",
        f"{len(PDF)} octets",
        submission.sha256,
        "à l’heure",
    ]:
        assert text_part in text
    assert text.count("octets") == 1  # a small size stands once
    assert "noindex" in answer.content.decode()


def test_the_public_page_shows_no_content_and_no_person(
    submission, site_link, pitch, comunik, ada, eve, client_of
):
    given: dict[str, Any] = {"begun_at": NOON, "by": ada, "at": NOON}
    link = deposits.deposit(site_link, comunik, url="https://hidden.example.org/x", **given)
    text = deposits.deposit(pitch, comunik, text="Une idée à garder pour nous", **given)
    Submission.objects.filter(pk=text.pk).update(submitted_by=eve, entry_reason="Panne de Wi-Fi")
    text.refresh_from_db()
    Receipt.objects.filter(submission=text).update(
        signature=receipts.signature_of(text, text.receipt.code)
    )

    pages = [
        check(one.receipt.code, browser).content.decode()
        for one in (submission, link, text)
        for browser in (Client(), client_of(ada))
    ]

    for page in pages:
        # A signed-in reader sees their own name and address, but only in the menu.
        main = page.partition("<main")[2]
        assert "Ce reçu est authentique." in main
        for secret in [
            "secret-plan",
            "hidden.example",
            "Une idée",
            "Ada",
            "Eve",
            "example.org/x",
            "Panne de Wi-Fi",
            "/depots/",
            "compte ",
        ]:
            assert secret not in main


def test_the_public_page_shows_the_punctuality(dossier, comunik, ada):
    straddling = deposit(dossier, comunik, ada, begun_at=DEADLINE - SECOND, at=DEADLINE + MINUTE)

    assert "dans la marge" in text_of(check(straddling.receipt.code))
    assert "23:01:00" in text_of(check(straddling.receipt.code))


@pytest.mark.parametrize("code", ["2222222222", "K7QM2", "0OI1", "é", "x" * 3000, "'--"])
def test_an_unknown_code_explains_what_to_check(submission, code):
    answer = Client().get(f"/recus/{code}/")

    assert answer.status_code == 404
    assert "Aucun reçu n’a ce code." in text_of(answer)
    assert "Recopiez-le" in text_of(answer)
    assert "Com’unik" not in text_of(answer)


def test_the_public_page_of_a_changed_row_shows_nothing_of_it(submission):
    Submission.objects.update(received_at=NOON + MINUTE)

    text = text_of(check(submission.receipt.code))

    assert "modifié après la signature" in text
    assert "authentique" not in text
    assert "Com’unik" not in text


def test_the_form_finds_a_receipt_by_its_code(submission, client):
    page = reverse("submissions:receipt-search")

    asked = client.get(page)
    found = client.get(page, {"code": f" {submission.receipt.spoken_code.lower()} "}, follow=True)
    nothing = client.get(page, {"code": " - "})
    wrong = client.get(page, {"code": "../../admin/"}, follow=True)

    assert "Code du reçu" in text_of(asked)
    assert "Ce reçu est authentique." in text_of(found)
    assert nothing.status_code == 200
    assert (wrong.status_code, "Aucun reçu" in text_of(wrong)) == (404, True)


def test_times_are_in_the_zone_of_the_receipts_edition(submission, comunik):
    comunik.edition.timezone = "Asia/Kolkata"
    comunik.edition.is_current = False
    comunik.edition.save()

    text = text_of(check(submission.receipt.code))

    assert "17:30:00" in text
    assert "Asia/Kolkata, UTC+5:30" in text
