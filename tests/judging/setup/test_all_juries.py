"""What an organizer does for all juries of an edition at once."""

from io import BytesIO
from typing import Any
from uuid import uuid4

import pypdfium2
import pytest
from django.core import mail
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Department, Edition
from judging.models import Assignment, Badge, Juror
from tests.conftest import make_user


@pytest.fixture
def second(info, pixels) -> Juror:
    """The president of another jury than that of `dan`."""
    user = make_user("gina@example.org", name="Gina")
    return Juror.objects.create(department=info, user=user, is_president=True)


def address(edition: Edition, name: str = "juries") -> str:
    return reverse(f"judging:{name}", args=[edition.slug])


def printed(answer: Any) -> list[str]:
    document = pypdfium2.PdfDocument(BytesIO(b"".join(answer.streaming_content)))
    return [page.get_textpage().get_text_range() for page in document]


def test_the_page_says_what_each_jury_lacks(edition, dan, second, eve, client_of):
    page = client_of(eve).get(address(edition)).content.decode()

    assert "Imprimer les 2 badges qui manquent" in page
    assert page.count("chacun lit tout") == edition.departments.count()


def test_all_plans_are_made_and_one_that_is_refused_stops_no_other(
    edition, dan, second, comunik, eve, client_of
):
    empty = Department.objects.create(edition=edition, code="VIDE", name="Vide")

    page = client_of(eve).post(address(edition, "juries-plan"), follow=True).content.decode()

    departments = set(Assignment.objects.values_list("juror__department__code", flat=True))
    assert departments == {dan.department.code, second.department.code}
    assert f"{empty.code} : " in page


def test_each_juror_who_never_came_gets_one_mail(
    edition, dan, second, eve, client_of, django_capture_on_commit_callbacks
):
    User.objects.filter(pk__in=[dan.user_id, second.user_id]).update(last_login=None)

    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            client_of(eve).post(address(edition, "juries-invite"))

    assert sorted(to for message in mail.outbox for to in message.to) == sorted(
        [dan.user.email, second.user.email]
    )


def test_badges_are_printed_for_those_who_have_none_and_twice_are_the_same(
    edition, dan, second, eve, client_of
):
    browser, key = client_of(eve), uuid4()

    first = printed(browser.post(address(edition, "juries-badges"), {"key": key}))
    again = printed(browser.post(address(edition, "juries-badges"), {"key": key}))
    other = browser.post(address(edition, "juries-badges"), {"key": uuid4()}, follow=True)

    assert first == again
    assert all(juror.user.display_name in first[0] for juror in (dan, second))
    assert f"Jury {second.department.name}" in first[0]
    assert Badge.objects.count() == 2
    assert "Chaque juré a déjà un badge." in other.content.decode()
