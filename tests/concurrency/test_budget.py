import contextlib
import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from hackathon.base.core.errors import Refused, check
from submissions.budget import rules
from submissions.budget.selectors import open_uploads_of
from submissions.models import Upload
from submissions.transfers import partial
from submissions.transfers import services as uploads
from submissions.versions.facts import facts_of
from tests.conftest import NOON
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture(autouse=True)
def _two_open_uploads(monkeypatch) -> None:
    monkeypatch.setattr(rules, "OPEN_UPLOADS_MAX", 2)


@pytest.mark.postgres
def test_without_the_lock_a_team_opens_more_uploads_than_its_budget(comunik, dossier, ada):
    all_have_counted = Barrier(4, timeout=PATIENCE)

    def begin_without_lock(_: int) -> None:
        with transaction.atomic():
            uploads = open_uploads_of(comunik, at=NOON)
            facts = facts_of(comunik, dossier.pk, uploads=uploads)
            all_have_counted.wait()
            check(rules.open_uploads_refusal(facts.budget))
            Upload.objects.create(
                team=comunik,
                deliverable=dossier,
                begun_by=ada,
                length=10,
                begun_at=NOON,
                expires_at=NOON,
            )
        connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(begin_without_lock, range(4)))

    assert Upload.objects.count() == 4


def test_a_transfer_that_is_begun_by_several_requests_at_once_is_one_upload(comunik, dossier, ada):
    together = Barrier(6, timeout=PATIENCE)

    def begin(_: int) -> tuple[uuid.UUID, bool]:
        together.wait()
        upload = uploads.begin(
            comunik,
            dossier.pk,
            length=10,
            filename="a.pdf",
            metadata="key YQ==",
            may_be_repeated=True,
            by=ada,
            at=NOON,
        )
        connection.close()
        return upload.pk, partial.exists(upload.pk)

    with ThreadPoolExecutor(6) as threads:
        begun = set(threads.map(begin, range(6)))

    assert begun == {(Upload.objects.get().pk, True)}


def test_uploads_that_begin_together_share_one_budget(comunik, dossier, ada):
    together = Barrier(6, timeout=PATIENCE)

    def begin(_: int) -> None:
        together.wait()
        with contextlib.suppress(Refused):
            uploads.begin(comunik, dossier.pk, length=10, filename="a.pdf", by=ada, at=NOON)
        connection.close()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(begin, range(6)))

    assert Upload.objects.count() == 2
