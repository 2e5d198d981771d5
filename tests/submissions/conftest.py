from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from hackathon.base.accounts.models import User
from hackathon.base.core import received_files
from hackathon.base.core.models import LiveMessage
from submissions.deposits import services as deposits
from submissions.enums import DeliverableKind
from submissions.models import Deliverable, Extension, Submission
from submissions.storage_s3 import DepositBucket
from teams.models import Team
from tests import services
from tests.conftest import NOON
from tests.submissions.s3 import MB, SEED, Store, noise

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
FRIDAY_NOON = datetime(2020, 2, 14, 11, tzinfo=UTC)  # 12:00 in Paris


@pytest.fixture
def pitch(infocom) -> Deliverable:
    return Deliverable.objects.create(
        department=infocom, name="Pitch", kind=DeliverableKind.TEXT, required=False, position=3
    )


@pytest.fixture
def slides(infocom) -> Deliverable:
    """Due on the day after the rest."""
    return Deliverable.objects.create(
        department=infocom,
        name="Présentation",
        kind=DeliverableKind.FILE,
        formats=["pdf"],
        due_at=FRIDAY_NOON,
        position=4,
    )


def file_at(at: datetime = NOON, content: bytes = PDF, name: str = "dossier.pdf") -> Any:
    # Complete and durable at `at`, as an upload leaves it.
    file = received_files.received_file(content, name, "application/pdf")
    file.received_at = at
    return file


def deposit(
    deliverable: Deliverable,
    team: Team,
    by: User,
    *,
    at: datetime = NOON,
    begun_at: datetime | None = None,
    content: bytes = PDF,
    name: str = "dossier.pdf",
) -> Submission:
    return deposits.deposit(
        deliverable,
        team,
        file=file_at(at, content, name),
        begun_at=begun_at or at,
        by=by,
        at=at,
    )


def extend(by: User, minutes: int, **target: Any) -> Extension:
    # Without the service, so without live messages.
    return Extension.objects.create(
        minutes=minutes, reason="Panne de réseau", granted_at=NOON, granted_by=by, **target
    )


def published() -> list[tuple[str, str]]:
    # (audience, type), in order.
    return [(audience, m.type) for m in LiveMessage.objects.all() for audience in m.audience_names]


def files_in(name: str) -> set[Path]:
    return {path for path in (settings.DATA_DIR / name).rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    from moto.server import ThreadedMotoServer  # a slow import

    server = ThreadedMotoServer("127.0.0.1", services.free_port(), verbose=False)
    server.start()
    yield f"http://127.0.0.1:{server._port}"
    server.stop()


@pytest.fixture
def store(s3_server) -> Store:
    return Store(s3_server)


@pytest.fixture
def bucket(store) -> DepositBucket:
    return DepositBucket(**store.options)


@pytest.fixture
def partial(tmp_path) -> Path:
    # 30 MB: three complete parts and a rest.
    path = tmp_path / SEED.hex
    path.write_bytes(noise(30 * MB))
    return path
