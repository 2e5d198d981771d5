import pytest
from django.test import Client
from django.urls import reverse

from submissions.models import Submission
from tests.conftest import make_user
from tests.submissions.conftest import deposit


@pytest.fixture
def browser(db, client_of) -> Client:
    return client_of(make_user("root@example.org", is_staff=True, is_superuser=True))


def test_deposits_are_read_only(browser, comunik, dossier, ada):
    submission = deposit(dossier, comunik, ada)
    base = "admin:submissions_submission"
    one = [submission.pk]

    listed = browser.get(reverse(f"{base}_changelist"))
    shown = browser.get(reverse(f"{base}_change", args=one))
    changed = browser.post(reverse(f"{base}_change", args=one), {"version": 9})
    added = browser.get(reverse(f"{base}_add"))
    deleted = browser.post(reverse(f"{base}_delete", args=one), {"post": "yes"})

    assert (listed.status_code, shown.status_code) == (200, 200)
    assert [a.status_code for a in (changed, added, deleted)] == [403, 403, 403]
    assert "_save" not in shown.content.decode()
    assert submission.file.name not in shown.content.decode()


def test_receipts_are_read_only_and_say_whether_they_are_genuine(browser, comunik, dossier, ada):
    receipt = deposit(dossier, comunik, ada).receipt
    base = "admin:submissions_receipt"
    one = [receipt.pk]

    listed = browser.get(reverse(f"{base}_changelist")).content.decode()
    Submission.objects.update(size=1)
    altered = browser.get(reverse(f"{base}_changelist")).content.decode()
    shown = browser.get(reverse(f"{base}_change", args=one))
    changed = browser.post(reverse(f"{base}_change", args=one), {"code": "2222222222"})
    deleted = browser.post(reverse(f"{base}_delete", args=one), {"post": "yes"})

    assert receipt.code in listed
    assert "icon-yes" in listed
    assert "icon-no" in altered
    assert shown.status_code == 200
    assert (changed.status_code, deleted.status_code) == (403, 403)
