from datetime import timedelta

import time_machine
from django.test import Client
from django.urls import reverse

from hackathon.event.editions.models import Edition
from hackathon.extras.student_certificates import selectors
from hackathon.run.privacy import rules
from hackathon.run.privacy.models import Anonymisation
from hackathon.run.privacy.services import anonymisation
from teams.models import Membership
from tests.conftest import DEADLINE

DUE = rules.months_later(DEADLINE, 12, rules.ZoneInfo("Europe/Paris"))


def test_a_certificate_stays_genuine_with_the_name_on_it(edition, locked):
    locked.memberships.update(certificate_name="Nom du lancement")
    Edition.objects.update(results_published_at=DEADLINE + timedelta(days=1))
    edition.refresh_from_db()
    Anonymisation.objects.create(edition=edition, with_pictures=True)
    printed = [
        (one.code, one.name)
        for list_of in (selectors.certificates, selectors.prize_certificates)
        for one in list_of(edition, None, at=DUE)
    ]

    anonymisation.anonymise(edition.pk, at=DUE)

    assert {code[0] for code, _ in printed} == {"P", "L"}
    assert not Membership.objects.exclude(certificate_name="").exists()
    with time_machine.travel(DUE, tick=False):
        for code, name in printed:
            address = reverse("student_certificates:certificate", args=[code])
            assert Client().get(address).status_code == 404
            assert Client().post(address, {"name": f"{name}e"}).status_code == 404
            answer = Client().post(address, {"name": f"  {name} "})
            assert answer.status_code == 200
            assert f"<bdi>{name}</bdi>" in answer.content.decode()
            assert name not in str(answer.headers)
