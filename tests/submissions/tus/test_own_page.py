from datetime import timedelta

import pytest

from submissions.models import Deliverable, Upload
from tests.submissions.tus.conftest import move_deadline
from tests.submissions.tus.wire import metadata

pytestmark = pytest.mark.django_db(transaction=True)


def page_metadata(deliverable: Deliverable, **more: str) -> str:
    return metadata(deliverable=str(deliverable.pk), filename="dossier.pdf", **more)


def test_page_of_another_team_begins_no_upload(tus, dossier, comunik, pixels):
    own = tus.begin(dossier, 5, upload_metadata=page_metadata(dossier, team=str(comunik.pk)))
    other = tus.begin(dossier, 5, upload_metadata=page_metadata(dossier, team=str(pixels.pk)))

    assert (own.status_code, other.status_code) == (201, 404)
    assert Upload.objects.count() == 1


def test_repeated_creation_returns_the_first_upload(tus, dossier, comunik):
    first = tus.begin(dossier, 5, upload_metadata=page_metadata(dossier, key="a"))
    move_deadline(comunik.edition, timedelta(0), grace=timedelta(minutes=10))

    again = tus.begin(dossier, 5, upload_metadata=page_metadata(dossier, key="a"))
    other = tus.begin(dossier, 5, upload_metadata=page_metadata(dossier, key="b"))
    whole = tus.patch(again.headers["Location"], 0, b"%PDF-")

    assert again.headers["Location"] == first.headers["Location"]
    assert other.json()["code"] == "deadline_passed"
    assert whole.headers["Submission-Version"] == "1"


def test_repeated_creation_after_receipt_begins_a_new_upload(tus, dossier):
    first = tus.begin(dossier, 5, b"%PDF-", upload_metadata=page_metadata(dossier, key="a"))

    again = tus.begin(dossier, 5, upload_metadata=page_metadata(dossier, key="a"))

    assert first.headers["Submission-Version"] == "1"
    assert again.headers["Location"] != first.headers["Location"]
