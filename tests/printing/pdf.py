from io import BytesIO
from typing import Any

import pypdfium2
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Department, Edition
from teams.models import Team


def pages(answer: Any) -> list[str]:
    document = pypdfium2.PdfDocument(BytesIO(b"".join(answer.streaming_content)))
    return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]


def printed(browser: Client, edition: Edition, name: str, query: str = "") -> list[str]:
    """The pages of the sheet of this name."""
    index = reverse("printing:index", args=[edition.slug])
    answer = browser.get(f"{index}{name}.pdf{query}")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    return pages(answer)


def with_hostile_names(browser: Client, edition: Edition, name: str, typed: str) -> None:
    """Names of people, teams, rooms and departments are shown as text, whatever they are."""
    User.objects.filter(memberships__team__edition=edition).update(name=typed)
    Team.objects.update(name=typed[:60], room=typed[:20])
    Department.objects.update(name=typed[:60])

    assert_shown(typed, "\n".join(printed(browser, edition, name)))


HOSTILE = [
    '#panic() #read("/etc/passwd")',
    'a") ] } #sys.inputs [ { ("',
    "$x$ \\u{0} \\ // /* *b* _i_ `c` = t",
    "fdp\u202eexe\u2066\u200f فريق النجوم 夜校",
    "M" * 120,
]


def assert_shown(typed: str, text: str) -> None:
    """A hostile text in the text of pages."""
    plain = [word for word in typed[:20].split() if word.isascii() and len(word) < 12]
    assert all(word in text for word in plain)
    assert "root:" not in text  # of /etc/passwd
    assert not set("\u202e\u2066\u200f") & set(text)
