from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest
import time_machine
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import translation
from PIL import Image

from submissions.deposits import services as deposits
from submissions.enums import Punctuality
from submissions.models import Deliverable, Receipt, Submission
from submissions.receipts import pdf as receipt_pdf
from submissions.receipts import selectors
from submissions.versions.selectors import Version, version_of
from tests.conftest import DEADLINE, NOON
from tests.submissions.claims import announce
from tests.submissions.conftest import PDF, SECOND, deposit

HOSTILE = [
    '#import "@preview/example:0.1.0": *',
    "#panic()",
    "$ x^2 $",
    "*gras* _it_ `code` = titre",
    '"); #sys.inputs; ("',
    "\\u{0} \\ // /* fin",
    "abc\u202etxt.exe\u2066\u200f",
    "a\x01b\x7f\nc",
    "M" * 10_000,
    "ab " * 3_000,
    "فريق النجوم 夜校 Ελλάδα 🎉",
    "<script>alert(1)</script> & [lien](x)",
]


@pytest.fixture
def submission(dossier, comunik, ada) -> Submission:
    return deposit(dossier, comunik, ada, at=NOON + timedelta(microseconds=123_456))


def rendered(submission: Submission, mark: Punctuality = Punctuality.ON_TIME) -> bytes:
    receipt = selectors.receipt_of(submission.pk)
    assert receipt is not None
    return receipt_pdf.render(receipt, Version(receipt.submission, mark, True))


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    text = document[0].get_textpage().get_text_range()
    return " ".join(text.replace("\u200b", "").split()).replace("\u202f", " ").replace("\xa0", " ")


def test_the_pdf_says_the_own_deadline_of_a_deliverable(submission):
    without = text_of(rendered(submission))
    Deliverable.objects.update(due_at=NOON + timedelta(hours=23))

    text = text_of(rendered(submission))

    assert "Heure limite de ce livrable" not in without
    assert "Heure limite de ce livrable vendredi 14 février à 12:00" in text


def test_the_pdf_shows_what_was_received(submission):
    text = text_of(rendered(submission))

    for text_part in [
        "Crazy Charly Day 2020 · IUT Nancy-Charlemagne",
        "Reçu à 13:00:00 jeudi 13 février 2020",
        "Europe/Paris, UTC+1",
        "Reçu du dépôt",
        "Dossier de stratégie",
        "version 1",
        "à l’heure",
        "Équipe Com’unik",
        "Département Information et Communication",
        "Fichier dossier.pdf",
        f"Taille {len(PDF)} octets",
        "Commencé à 13:00:00",
        "Rendu par Ada",
        submission.receipt.spoken_code,
        f"http://localhost:8000/recus/{submission.receipt.code}/",
        submission.sha256[:8],
        submission.sha256[-8:],
    ]:
        assert text_part in text


def test_the_pdf_is_reproducible_and_tagged_with_its_language(submission):
    first, second = rendered(submission), rendered(submission)
    with translation.override("en"):
        english = rendered(submission)

    assert first == second
    assert b"/Lang (fr)" in first or b"/Lang(fr)" in first
    assert english != first
    assert b"/Suspects" not in first  # which poppler reports as an error


def test_a_late_deposit_has_another_text_and_picture(submission):
    def badge(mark: Punctuality) -> bytes:
        page = pypdfium2.PdfDocument(rendered(submission, mark))[0]
        return page.render(scale=1).to_pil().crop((300, 60, 560, 250)).tobytes()

    assert "en retard" in text_of(rendered(submission, Punctuality.LATE))
    assert badge(Punctuality.ON_TIME) == badge(Punctuality.IN_GRACE) != badge(Punctuality.LATE)


@pytest.mark.parametrize("typed", HOSTILE, ids=lambda typed: ascii(typed[:12]))
def test_typed_text_is_shown_and_never_interpreted(submission, typed):
    receipt = selectors.receipt_of(submission.pk)
    assert receipt is not None
    one = receipt.submission
    one.filename = one.entry_reason = one.deliverable.name = one.team.name = typed
    one.team.department.name = one.team.edition.name = one.submitted_by.name = typed

    text = text_of(receipt_pdf.render(receipt, Version(one, Punctuality.ON_TIME, True)))

    plain = [w for w in typed.split() if w.isascii() and w.isprintable() and len(w) <= 34]
    assert all(word in text for word in plain)
    assert receipt.spoken_code in text  # a long name does not displace it
    assert receipt.submission.sha256[-8:] in text
    assert not set("\u202e\u2066\u200f\x01\x7f") & set(text)


def test_the_longest_names_are_completely_visible(submission):
    receipt = selectors.receipt_of(submission.pk)
    assert receipt is not None
    one = receipt.submission
    one.deliverable.name = ("Dossier de stratégie " * 6)[:120]
    one.team.name = ("Les " * 15)[:60]
    one.submitted_by.name = ("Marie-Charlotte " * 8)[:120]
    one.filename = ("dossier_" * 32)[:255]
    one.entry_reason = ("Le réseau était coupé. " * 13)[:290] + " 22h05"
    picture = BytesIO()
    Image.new("RGB", (300, 400)).save(picture, "PNG")
    one.inspection.thumbnail.save(f"{submission.pk}.png", ContentFile(picture.getvalue()))

    pdf = receipt_pdf.render(receipt, Version(one, Punctuality.LATE, True))

    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    tops = []
    for text in ("22h05", "Empreinte"):
        found = page.search(text).get_next()
        assert found is not None
        tops.append(page.get_charbox(found[0])[3])
    assert tops[0] > tops[1] + 15  # points: the reason ends above the digest


def test_a_link_is_shown_and_a_text_is_not(site_link, pitch, comunik, ada):
    url = "https://com-unik.example.org/" + "chemin/" * 40
    link = deposits.deposit(site_link, comunik, url=url, begun_at=NOON, by=ada, at=NOON)
    text = deposits.deposit(
        pitch, comunik, text="Une idée #emph[à nous]", begun_at=NOON, by=ada, at=NOON
    )

    assert "https://com-unik.example.org/chemin/" in text_of(rendered(link)).replace(" ", "")
    assert "Une idée" not in text_of(rendered(text))


@pytest.mark.parametrize("form", ["PNG", "WEBP", "GIF"])
def test_the_pdf_contains_the_thumbnail(submission, form):
    picture = BytesIO()
    Image.new("RGB", (300, 400), (250, 0, 200)).save(picture, form)
    thumbnail = submission.inspection.thumbnail
    thumbnail.save(f"{submission.pk}.{form.lower()}", ContentFile(picture.getvalue()))

    colours = (
        pypdfium2.PdfDocument(rendered(submission))[0].render(scale=1).to_pil().getcolors(2**20)
    )

    assert max(n for n, (r, g, b) in colours if r > 230 and g < 40 and 180 < b < 220) > 3000


@pytest.mark.parametrize("damage", ["gone", "no picture"])
def test_an_unreadable_thumbnail_is_left_out(submission, damage):
    thumbnail = submission.inspection.thumbnail
    thumbnail.save(f"{submission.pk}.png", ContentFile(b"not a picture"))
    if damage == "gone":
        thumbnail.storage.delete(thumbnail.name)

    assert "Reçu du dépôt" in text_of(rendered(submission))


@time_machine.travel(NOON, tick=False)
def test_the_pdf_opens_in_the_browser_and_is_not_cached(submission, client_of, ada):
    answer = client_of(ada).get(reverse("submissions:receipt-pdf", args=[submission.pk]))

    body = b"".join(answer.streaming_content)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == (
        f'inline; filename="recu-{submission.receipt.spoken_code}.pdf"'
    )
    assert answer["Cache-Control"] == "private, no-store"
    assert "Com’unik" in text_of(body)
    assert Receipt.objects.count() == 1


def test_the_receipt_of_announced_bytes_says_at_which_instant_they_count(
    dossier, comunik, ada, submission, monkeypatch
):
    announce(monkeypatch, comunik, dossier, PDF + b"2", at=DEADLINE - SECOND)
    late = deposit(dossier, comunik, ada, at=DEADLINE + SECOND, content=PDF + b"2")
    receipt = selectors.receipt_of(late.pk)
    assert receipt is not None

    text = text_of(receipt_pdf.render(receipt, version_of(receipt.submission)))

    assert "Compte à 22:59:59" in text
    assert "à l’heure" in text
    assert "Compte à" not in text_of(rendered(submission))
