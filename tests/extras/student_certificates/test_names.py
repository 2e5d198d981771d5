import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts import services as accounts
from hackathon.base.accounts.models import User
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.rules import grace_ends_at
from hackathon.extras.student_certificates import selectors
from teams.services import organizing
from tests.conftest import NOON
from tests.extras.student_certificates.conftest import publish
from tests.printing.pdf import pages


@pytest.fixture
def is_over(edition, locked, ada) -> Iterator[Client]:
    """The results are published. Ada’s browser."""
    publish(edition)
    browser = Client()
    browser.force_login(ada)
    with time_machine.travel(grace_ends_at(edition) + timedelta(seconds=1), tick=False):
        yield browser


def own(browser: Client) -> list[str]:
    return pages(browser.get(reverse("student_certificates:own")))


def code_on(page: str) -> str:
    found = re.search(r"\b[PL]\d+-[A-Z0-9]{5}-[A-Z0-9]{5}\b", page)
    assert found is not None
    return found[0].replace("-", "")


def test_who_renames_the_account_gets_no_certificate_in_another_name(is_over, ada, comunik):
    before = own(is_over)
    for name in ("Ami Jamais Venu", "Autre Ami"):
        is_over.post(reverse("accounts:name"), {"name": name})

        renamed = own(is_over)

        assert all("Ada" in page and name not in page for page in renamed)
        assert [code_on(page) for page in renamed] == [code_on(page) for page in before]
        for page in renamed:
            address = reverse("student_certificates:certificate", args=[code_on(page)])
            forged = Client().post(address, {"name": name}).content.decode()
            assert "<bdi>Ada</bdi>" in forged
            assert name not in forged
    ada.refresh_from_db()
    assert ada.name == "Autre Ami"


def test_before_the_launch_the_certificate_has_the_new_name(edition, comunik, ada):
    before = edition.starts_at - timedelta(seconds=1)
    accounts.rename(ada, "Ada Lovelace", by=ada, at=before)
    accounts.rename(ada, "Autre", by=ada, at=edition.starts_at)

    found = selectors.certificates(edition, comunik.department, at=NOON)

    assert [one.name for one in found] == ["Ada Lovelace", "Ben"]


def test_the_first_name_of_a_nameless_account_counts(edition, comunik, ada):
    User.objects.filter(pk=ada.pk).update(name="")
    for name in ("Ada Lovelace", "Autre"):
        accounts.rename(ada, name, by=ada, at=NOON)

    assert selectors.certificates(edition, None, at=NOON)[0].name == "Ada Lovelace"


def test_who_joins_later_has_the_name_of_then(edition, comunik, loner, eve):
    accounts.rename(loner, "Léo", by=loner, at=NOON)
    organizing.add_people(comunik, [loner.email], by=eve, at=NOON)
    accounts.rename(loner, "Autre", by=loner, at=NOON)

    names = [one.name for one in selectors.certificates(edition, comunik.department, at=NOON)]

    assert "Léo" in names
    assert "Autre" not in names


def test_organizers_correct_the_name_and_the_former_paper_stays_genuine(
    is_over, comunik, ada, eve, client_of
):
    former = code_on(own(is_over)[0])
    member = comunik.memberships.get(user=ada)
    address = reverse("student_certificates:correct", args=[member.edition.slug])

    answer = client_of(eve).post(address, {"member": member.pk, "name": " Ada  Lovelace "})

    assert answer.status_code == 302
    ada.refresh_from_db()
    assert ada.name == "Ada"
    corrected = own(is_over)[0]
    assert "Ada Lovelace" in corrected
    for code, name in ((code_on(corrected), ""), (former, "Ada")):
        checked = Client().post(
            reverse("student_certificates:certificate", args=[code]), {"name": name}
        )
        assert "Cette attestation est authentique." in checked.content.decode()
    entry = JournalEntry.objects.get(act="certificate.named")
    assert (entry.by, "Lovelace" in str(entry.detail)) == (eve, False)
