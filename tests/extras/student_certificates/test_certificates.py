from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.rules import grace_ends_at
from hackathon.extras.student_certificates import selectors
from hackathon.run.page_client import markup
from judging.models import Award, Deliberation
from submissions.extensions import services as extensions
from teams.models import Membership, Team
from tests.conftest import DEADLINE, NOON
from tests.extras.student_certificates.conftest import publish
from tests.printing.pdf import HOSTILE, pages, printed, with_hostile_names


def test_a_certificate_of_participation_is_genuine_by_its_code(
    edition, comunik, ada, eve, client_of
):
    first, _second = printed(client_of(eve), edition, "attestations")
    found = selectors.certificates(edition, None, at=NOON)[0]
    assert found.membership.user == ada
    code = found.code
    typed = found.spoken_code.lower().replace("-", " ")

    search = Client().get(reverse("student_certificates:search"), {"code": typed}, follow=True)
    page = search.content.decode()

    assert "Ada" in first
    assert found.spoken_code in first
    assert search.status_code == 200
    assert "Cette attestation est authentique." in page
    assert "Com’unik" in page
    assert ada.email not in page
    assert "noindex" in page
    with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert selectors.find_certificate(code, at=NOON) is not None
    with override_settings(SECRET_KEY="new"):
        assert selectors.find_certificate(code, at=NOON) is None
    before = edition.starts_at - timedelta(seconds=1)
    assert selectors.find_certificate(code, at=before) is None
    assert selectors.certificates(edition, None, at=before) == []


def test_an_absent_team_has_no_certificate(edition, comunik, pixels, eve):
    absent, *_ = selectors.certificates(edition, comunik.department, at=NOON)
    Team.objects.filter(pk=comunik.pk).update(absent_at=NOON, absent_by=eve)

    found = selectors.certificates(edition, None, at=NOON)

    assert [one.membership.team for one in found] == [pixels]
    assert selectors.find_certificate(absent.code, at=NOON) is None
    assert selectors.find_certificate(found[0].code, at=NOON) is not None


def test_an_absent_member_has_no_certificate(edition, comunik, ada, ben, client_of):
    of_ada, of_ben = selectors.certificates(edition, None, at=NOON)
    comunik.memberships.filter(user=ben).update(absent_at=NOON)
    own = reverse("student_certificates:own")

    with time_machine.travel(grace_ends_at(edition) + timedelta(seconds=1), tick=False):
        answers = [client_of(user).get(own).status_code for user in (ada, ben)]
        pages_of = [client_of(user).get(reverse("teams:mine")) for user in (ada, ben)]

    found = selectors.certificates(edition, None, at=NOON)
    assert [one.membership.user for one in found] == [ada]
    assert selectors.find_certificate(of_ada.code, at=NOON) is not None
    assert selectors.find_certificate(of_ben.code, at=NOON) is None
    assert answers == [200, 404]
    assert [own in page.content.decode() for page in pages_of] == [True, False]


def test_a_changed_code_or_name_is_not_genuine(edition, comunik, ada, ben):
    of_ada, of_ben = selectors.certificates(edition, None, at=NOON)
    other = f"P{of_ben.membership.pk}{of_ada.code[-10:]}"
    User.objects.filter(pk=ben.pk).update(name="Benoît")

    for code in (other, of_ben.code, "P", "P1", "L" + of_ada.code[1:], of_ada.code[:-1] + "2"):
        if code != of_ada.code:
            answer = Client().get(reverse("student_certificates:certificate", args=[code]))
            assert (answer.status_code, code) == (404, code)
            assert "Aucune attestation" in answer.content.decode()


def test_no_prize_certificate_before_the_publication(
    edition, locked, eve, root, client_of, django_assert_num_queries
):
    """Not even a genuine code of a winner tells anything, and it costs the same queries."""
    Edition.objects.filter(pk=edition.pk).update(results_published_at=NOON)
    edition.refresh_from_db()
    code = selectors.prize_certificates(edition, None, at=NOON)[0].code
    Edition.objects.filter(pk=edition.pk).update(results_published_at=None)
    taking_part = Membership.objects.get(team__name="Les Pixels")
    url = reverse("student_certificates:prizes", args=[edition.slug])

    for user in (eve, root):
        assert client_of(user).get(url).status_code == 404
    page = client_of(eve).get(reverse("printing:index", args=[edition.slug])).content.decode()
    for one in (code, f"L{taking_part.pk}{code[-10:]}"):
        with django_assert_num_queries(1):
            assert selectors.find_certificate(one, at=DEADLINE) is None

    assert "laureats" not in page
    for text in printed(client_of(eve), edition, "attestations"):
        assert "prix" not in text
        assert "cœur" not in text


def test_prize_certificates_after_the_publication(edition, locked, eve, client_of):
    publish(edition)
    cache.clear()

    texts = printed(client_of(eve), edition, "laureats")
    found = selectors.prize_certificates(edition, None, at=NOON)
    page = (
        Client()
        .get(reverse("student_certificates:certificate", args=[found[0].code]))
        .content.decode()
    )

    assert [one.membership.user.name for one in found] == ["Ada", "Ben"]
    assert len(texts) == 2
    assert "2e prix" in texts[0]
    assert "Coup de cœur" in texts[0]
    assert "2e prix, prix spécial" in page
    assert selectors.prize_certificates(edition, Department(pk=0), at=NOON) == []


def test_a_prize_that_two_teams_share_says_so_and_its_code_stays(
    edition, locked, pixels, eve, client_of
):
    publish(edition)
    alone = selectors.prize_certificates(edition, None, at=NOON)[0].code
    Award.objects.create(deliberation=Deliberation.objects.get(), team=pixels, rank=2)
    cache.clear()

    texts = printed(client_of(eve), edition, "laureats")
    page = Client().get(reverse("student_certificates:certificate", args=[alone])).content.decode()

    assert all("2e prix ex æquo" in text for text in texts)
    assert "2e prix ex æquo" in page


def test_a_student_has_the_certificate_that_an_organizer_prints_once_the_day_is_over(
    edition, locked, ada, loner, eve, client_of
):
    """With the prize once the results are published; nothing says before that there is one."""
    url, team_page = reverse("student_certificates:own"), reverse("teams:mine")
    student, stranger = client_of(ada), client_of(loner)
    over = grace_ends_at(edition)

    with time_machine.travel(over, tick=False):
        before = student.get(url)
        page_before = student.get(team_page).content.decode()
    with time_machine.travel(over + timedelta(seconds=1), tick=False):
        page = student.get(team_page).content.decode()
        own = pages(student.get(url))
        of_organizer = printed(client_of(eve), edition, "attestations", "?department=INFOCOM")
        strangers = [stranger.get(url), Client().get(url)]
        publish(edition)
        cache.clear()
        with_prize = pages(student.get(url))
        prizes = printed(client_of(eve), edition, "laureats", "?department=INFOCOM")
        published_page = student.get(team_page).content.decode()
        Team.objects.update(absent_at=NOON, absent_by=eve)
        cache.clear()
        absent = student.get(url)
        page_of_absent = student.get(team_page).content.decode()

    assert [answer.status_code for answer in (before, *strangers, absent)] == [404] * 4
    assert url not in own_part(page_before)
    assert own == [text for text in of_organizer if "Ada" in text]
    assert with_prize == own + [text for text in prizes if "Ada" in text]
    assert "2e prix" in with_prize[1]
    assert own_part(page) == own_part(published_page)  # it says nothing of a prize
    assert url in own_part(page)
    assert url not in page_of_absent


def test_an_extension_moves_the_own_certificate_of_its_team(edition, comunik, ada, eve, client_of):
    extensions.grant(edition, team=comunik, minutes=30, reason="Panne", by=eve, at=NOON)
    url, over = reverse("student_certificates:own"), grace_ends_at(edition)

    with time_machine.travel(over + timedelta(minutes=30), tick=False):
        before = client_of(ada).get(url)
    with time_machine.travel(over + timedelta(minutes=30, seconds=1), tick=False):
        after = client_of(ada).get(url)

    assert (before.status_code, after.status_code) == (404, 200)


def own_part(page: str) -> str:
    """Without its later states."""
    return markup.part(page, "own-certificate").partition("<template")[0]


@pytest.mark.parametrize("typed", HOSTILE, ids=lambda typed: ascii(typed[:12]))
def test_names_are_shown_and_never_interpreted(edition, comunik, eve, client_of, typed):
    with_hostile_names(client_of(eve), edition, "attestations", typed)
