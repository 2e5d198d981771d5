import hashlib
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from hackathon.base.core import containers, encryption
from hackathon.base.core.received_files import received_file
from hackathon.event.editions.models import Brief, Department, Edition
from hackathon.event.editions.services import briefs, departments
from hackathon.extras.packages import periodic, rules, selectors
from hackathon.extras.packages import services as packages
from hackathon.extras.packages.models import BriefPackage
from tests.conftest import NOON
from tests.extras.packages.steps import (
    FILES,
    HOUR,
    current_packages,
    make_package,
    open_package,
    sent_bytes,
    write_brief,
)

SECOND = timedelta(seconds=1)
MIB = 1 << 20

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(infocom, eve) -> Brief:
    return write_brief(infocom, eve)


# ---------------------------------------------------------------- contents


def test_a_package_contains_the_brief_byte_for_byte(infocom, secret):
    package = make_package(infocom)

    found = open_package(package, package.key)

    assert (found.title, found.html) == ("Zanzibar", secret.html)
    assert [a["name"] for a in found.attachments] == list(FILES)
    assert found.files == list(FILES.values())
    for attachment, described in zip(secret.attachments.all(), found.attachments, strict=True):
        assert described["id"] == str(attachment.pk)
        assert described["sha256"] == attachment.sha256
    assert [a["type"] for a in found.attachments] == ["application/pdf", "application/octet-stream"]
    assert not any(found.padding)


def test_files_that_browsers_could_run_have_an_opaque_type(infocom, eve):
    for name in ("x.html", "x.svg", "x.js", "x.xml", "x"):
        brief = getattr(infocom, "brief", None) or write_brief(infocom, eve)
        briefs.attach(brief=brief, file=received_file(b"<script>", name), by=eve, at=NOON)
    package = make_package(infocom)

    found = open_package(package, package.key).attachments

    assert {a["type"] for a in found if a["name"].startswith("x")} == {"application/octet-stream"}


def test_a_package_is_unreadable_without_its_key(infocom, secret):
    package = make_package(infocom)
    sent = sent_bytes(package)

    assert b"Zanzibar" not in sent
    assert b"plan.pdf" not in sent  # four bytes may be found in a megabyte by chance
    assert package.sha256 == hashlib.sha256(sent).hexdigest()
    assert package.size == len(sent)
    with pytest.raises(encryption.InvalidContainer):
        open_package(package, encryption.new_key())


def test_a_department_without_a_brief_has_a_package_of_the_same_size_as_a_small_brief(
    infocom, info, eve
):
    nothing = make_package(info)
    briefs.write(
        department=infocom, title="x", body="x" * 9000, published_at=NOON + HOUR, by=eve, at=NOON
    )
    small = make_package(infocom)

    assert nothing.size == small.size
    assert open_package(nothing, nothing.key).attachments == []


def test_the_key_is_not_in_str_and_repr(infocom, secret):
    package = make_package(infocom)

    assert package.key not in f"{package} {package!r}"


@given(st.integers(1, 300 * MIB))
def test_padded_sizes_are_few_and_at_most_half_as_large_again(size):
    padded = containers.padded_size(size)

    assert padded % MIB == 0
    assert size <= padded
    assert padded - size < max(MIB, size // 2)  # half as large again at most
    assert len({containers.padded_size(n * MIB) for n in range(1, 301)}) == 17


# ---------------------------------------------------------------- making


def test_an_up_to_date_package_is_not_made_again(infocom, secret):
    make_package(infocom)

    assert packages.make(infocom.pk, at=NOON) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda brief, eve: write_brief(brief.department, eve, title="Autre"),
        lambda brief, eve: write_brief(brief.department, eve, body="Autre"),
        lambda brief, eve: briefs.attach(
            brief=brief, file=received_file(b"x", "x.txt"), by=eve, at=NOON
        ),
        lambda brief, eve: briefs.detach(attachment=brief.attachments.first(), by=eve, at=NOON),
    ],
)
def test_a_changed_brief_gets_another_package_with_another_key(
    change, edition, infocom, secret, eve, django_capture_on_commit_callbacks
):
    before = make_package(infocom)

    change(secret, eve)

    assert current_packages(edition, infocom) == []
    with django_capture_on_commit_callbacks(execute=True):
        after = make_package(infocom)
    assert current_packages(edition, infocom) == [after]
    assert (before.pk != after.pk, before.key != after.key) == (True, True)
    assert not default_storage.exists(str(before.file.name))


def test_another_publication_instant_keeps_the_package(edition, infocom, secret, eve):
    package = make_package(infocom)

    write_brief(infocom, eve, published_at=NOON + 2 * HOUR)

    assert current_packages(edition, infocom) == [package]
    assert packages.make(infocom.pk, at=NOON) is None


@pytest.mark.parametrize("hidden", ["published", "over", "not shown"])
def test_no_package_is_made_of_a_published_brief_or_an_edition_over_or_not_shown(
    hidden, edition, infocom, secret
):
    at = {"published": NOON + HOUR, "over": edition.deadline_at + SECOND}.get(hidden, NOON)
    if hidden == "not shown":
        Edition.objects.update(is_current=False)
    if hidden == "over":
        secret.delete()

    assert packages.make(infocom.pk, at=at) is None
    assert not BriefPackage.objects.exists()


def test_a_package_is_discarded_if_the_brief_changes_meanwhile(infocom, secret, eve, monkeypatch):
    verify = containers.verify
    kept = set(Path(default_storage.location).rglob("*"))

    def verify_while_somebody_writes(*arguments: Any) -> None:
        write_brief(infocom, eve, title="Autre")
        verify(*arguments)

    monkeypatch.setattr(containers, "verify", verify_while_somebody_writes)

    assert packages.make(infocom.pk, at=NOON) is None
    left = {path for path in Path(default_storage.location).rglob("*") if path.is_file()}
    assert left <= kept
    assert not BriefPackage.objects.exists()


@pytest.mark.parametrize("damage", ["gone", "altered"])
def test_a_damaged_attachment_is_never_packed(damage, infocom, secret, caplog):
    attachment = secret.attachments.first()
    assert attachment is not None
    path = Path(attachment.file.path)
    path.unlink() if damage == "gone" else path.write_bytes(b"Zanzibar")

    with caplog.at_level(logging.ERROR):
        assert packages.make(infocom.pk, at=NOON) is None

    assert str(attachment.pk) in caplog.text
    assert "plan" not in caplog.text
    assert not list(Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*paquet*"))


def test_the_periodic_task_makes_missing_packages_and_removes_old_ones(
    edition, infocom, info, secret, django_capture_on_commit_callbacks
):
    with time_machine.travel(NOON, tick=False), django_capture_on_commit_callbacks(execute=True):
        periodic.make_packages()
    assert {p.department_id for p in BriefPackage.objects.all()} == {infocom.pk, info.pk}

    files = [str(p.file.name) for p in BriefPackage.objects.all()]
    over = edition.deadline_at + SECOND
    with time_machine.travel(over, tick=False), django_capture_on_commit_callbacks(execute=True):
        periodic.make_packages()
    assert not BriefPackage.objects.exists()
    assert not any(default_storage.exists(name) for name in files)


def test_query_count_of_missing_packages_does_not_depend_on_rows(edition, infocom, secret):
    counts = []
    for number in (1, 3):
        for i in range(1, number):
            Department.objects.create(edition=edition, code=f"D{i}", name=f"D{i}")
        with CaptureQueriesContext(connection) as queries:
            assert len(selectors.departments_without_package(edition, at=NOON)) == number
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_deleted_department_deletes_the_file_of_its_package(
    infocom, secret, eve, django_capture_on_commit_callbacks
):
    package = make_package(infocom)

    with django_capture_on_commit_callbacks(execute=True):
        departments.delete(department=infocom, by=eve, at=NOON)

    assert not default_storage.exists(str(package.file.name))


# ---------------------------------------------------------------- when downloads begin


@pytest.mark.parametrize(
    ("left", "within"),
    [
        (None, rules.SPREAD),
        (timedelta(days=1), rules.SPREAD),
        (timedelta(minutes=10), timedelta(minutes=5)),
        (timedelta(minutes=1), None),
    ],
)
def test_downloads_begin_at_spread_times_and_not_in_the_last_minutes(left, within):
    assert rules.begin_within(left and NOON + left, at=NOON) == within
