from io import BytesIO

import pypdfium2

from hackathon.base.accounts.models import User
from judging.jury.selectors import jurors_with_badge, valid_badges
from judging.models import Juror
from judging.setup import badges_pdf
from judging.setup.services import badges as services_badges
from judging.setup.services.badges import PrintedBadge
from tests.judging.conftest import NIGHT, at
from tests.printing.letters import cut_letters

KEY = "00000000-0000-4000-8000-000000000001"


def page_texts(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(BytesIO(pdf))
    return [page.get_textpage().get_text_range() for page in document]


def test_the_badge_pdf_has_all_names_with_new_pins(eve_client, infocom, dan, diane):
    answer = eve_client.post(at("badges", infocom.pk), {"jurors": [dan.pk, diane.pk], "key": KEY})

    pdf = b"".join(answer.streaming_content)
    (page,) = page_texts(pdf)
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    for word in ("Dan", "Diane", "présidence", "Information et Communication"):
        assert word in page
    assert jurors_with_badge(infocom) == {dan.pk, diane.pk}


def test_the_qr_code_of_a_badge_has_its_token(infocom, dan, eve):
    (badge,) = services_badges.issue_all(department=infocom, jurors=[dan], by=eve, at=NIGHT)

    address = badges_pdf.address_of(badge)

    assert address.endswith(f"/jury/badge/#{badge.token}")
    assert services_badges.read(token=badge.token) == dan
    assert badge.token not in repr(badge)
    assert badge.pin not in repr(badge)


def test_accents_on_a_badge_are_printed_whole(infocom, dan, eve):
    User.objects.filter(pk=dan.user_id).update(name="Éloïse")
    dan.user.refresh_from_db()
    made = services_badges.issue_all(department=infocom, jurors=[dan], by=eve, at=NIGHT)

    assert cut_letters(badges_pdf.render(infocom.edition, made), "Éloïse") == []


def test_a_sheet_of_badges_that_is_asked_for_twice_is_the_same(eve_client, infocom, dan, eve):
    services_badges.issue(juror=dan, by=eve, at=NIGHT)
    sent = {"jurors": [dan.pk], "key": KEY}

    pages = [
        page_texts(b"".join(eve_client.post(at("badges", infocom.pk), sent).streaming_content))
        for _ in range(2)
    ]
    assert pages[0] == pages[1]
    assert valid_badges(dan).count() == 2

    former = valid_badges(dan).earliest("pk")
    eve_client.post(at("badge-void", infocom.pk, dan.pk, former.pk))
    assert former not in valid_badges(dan)

    replaced = eve_client.post(at("badges", infocom.pk), {**sent, "replace": "on"})
    list(replaced.streaming_content)
    assert [str(badge.key) for badge in valid_badges(dan)] == [KEY]


def test_the_badge_pdf_accepts_all_kinds_of_names(infocom):
    names = ["#set text(red)", "M" * 200, "Élodie\u202e\n$x$ \\", "名前"]
    badges = [
        PrintedBadge(
            Juror(department=infocom, user=User(name=name, email="x@example.org")), "t", "123456"
        )
        for name in names * 3
    ]

    pages = page_texts(badges_pdf.render(infocom.edition, badges, of=infocom))

    assert len(pages) == 2
    assert "#set text(red)" in pages[0]
    assert "123 456" in pages[1]
