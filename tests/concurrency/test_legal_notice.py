import pytest

from hackathon.base.core.models import JournalEntry
from hackathon.day.site.models import LegalNotice
from hackathon.day.site.services import update_legal_notice
from tests.concurrency.test_questions import at_once
from tests.conftest import NOON

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def test_organizers_who_fill_it_in_at_once_make_one_row_with_the_fields_of_all(edition, eve):
    names = ("publisher", "host", "host_address")

    def fill_in(name: str) -> str:
        update_legal_notice(by=eve, at=NOON, **{name: "x"})
        return "saved"

    assert at_once(fill_in, names) == ["saved"] * 3
    notice = LegalNotice.objects.get()
    assert [getattr(notice, name) for name in names] == ["x"] * 3
    assert JournalEntry.objects.filter(act="legal_notice.updated").count() == 3
