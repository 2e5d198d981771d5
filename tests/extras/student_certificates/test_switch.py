from django.test import Client
from django.urls import reverse

from hackathon.event.editions.models import Edition
from hackathon.extras.student_certificates import selectors
from tests.conftest import NOON


def test_without_the_extra_there_are_no_certificates(edition, comunik, ada, eve, client_of):
    organizer, index = client_of(eve), reverse("printing:index", args=[edition.slug])
    sheet, own = f"{index}attestations.pdf", reverse("student_certificates:own")
    page = organizer.get(index).content.decode()
    Edition.objects.update(extras=[])

    without = organizer.get(index).content.decode()
    of_student = client_of(ada).get(reverse("teams:mine")).content.decode()

    assert (sheet in page, sheet in without) == (True, False)
    assert "own-certificate" not in of_student
    addresses = [sheet, f"{index}laureats.pdf", own, reverse("student_certificates:search")]
    assert [organizer.get(address).status_code for address in addresses] == [404] * 4


def test_a_certificate_of_another_year_is_checked_as_long_as_one_edition_has_the_extra(
    edition, comunik
):
    (code, *_others) = [one.code for one in selectors.certificates(edition, None, at=NOON)]
    check = reverse("student_certificates:certificate", args=[code])
    other = Edition.objects.create(
        slug="ccd-autre",
        name="Autre",
        starts_at=edition.starts_at,
        deadline_at=edition.deadline_at,
        registration_opens_at=edition.registration_opens_at,
        registration_closes_at=edition.registration_closes_at,
        judging_opens_at=edition.judging_opens_at,
    )
    Edition.objects.filter(pk=edition.pk).update(extras=[])

    answers = [Client().get(check).status_code]
    Edition.objects.filter(pk=other.pk).update(extras=[])
    answers.append(Client().get(check).status_code)

    assert answers == [200, 404]
