import io
import os
import signal
import subprocess
import sys
import textwrap
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as site

from hackathon.base.core.errors import Refused
from submissions.models import Deliverable, Submission
from submissions.storage import deposits_storage
from submissions.storage_s3 import PART_BYTES, DepositBucket
from tests import services
from tests.conftest import DEADLINE, NOON
from tests.submissions.conftest import MINUTE, PDF, deposit
from tests.submissions.s3 import KEY, MB, NAME, SEED, noise, requests, whole

pytestmark = pytest.mark.system


@pytest.fixture
def in_bucket(store, settings, monkeypatch) -> None:
    backend = "submissions.storage_s3.DepositBucket"
    settings.STORAGES = {
        **site.STORAGES,
        "deposits": {"BACKEND": backend, "OPTIONS": store.options},
    }
    # The field got its storage when the model was defined.
    monkeypatch.setattr(Submission._meta.get_field("file"), "storage", deposits_storage())


# ---------------------------------------------------------------- sent ahead


def test_complete_parts_are_sent_before_the_rest_arrives(bucket, store, partial):
    bucket.advance(NAME, partial, PART_BYTES - 1)
    before = store.uploads()
    bucket.advance(NAME, partial, PART_BYTES)
    first = store.parts()
    bucket.advance(NAME, partial, 30 * MB)

    assert before == []
    assert first == {1}
    assert store.parts() == {1, 2, 3}


def test_only_the_last_part_is_sent_at_the_end(bucket, store, partial):
    bucket.advance(NAME, partial, 30 * MB)
    asked = requests(bucket)

    with whole(partial) as file:
        assert bucket.save(NAME, file) == NAME

    assert asked.count("UploadPart") == 1
    assert "PutObject" not in asked
    assert store.content(NAME) == partial.read_bytes()
    assert store.uploads() == []
    assert partial.exists()


def test_a_file_of_complete_parts_has_no_last_part(bucket, store, tmp_path):
    path = tmp_path / SEED.hex
    path.write_bytes(noise(2 * PART_BYTES))
    bucket.advance(NAME, path, 2 * PART_BYTES)

    with whole(path) as file:
        bucket.save(NAME, file)

    assert store.content(NAME) == path.read_bytes()


def test_parts_that_arrive_while_another_thread_sends_are_sent(bucket, store, partial):
    with ThreadPoolExecutor(4) as threads:
        for durable in range(0, 30 * MB, 512 * 1024):
            threads.submit(bucket.advance, NAME, partial, durable)

    assert store.parts() == {1, 2, 3}
    assert len(store.uploads()) == 1


def test_no_request_while_no_part_is_complete(bucket, partial):
    bucket.advance(NAME, partial, PART_BYTES)
    asked = requests(bucket)

    for durable in range(PART_BYTES, 2 * PART_BYTES, 512 * 1024):
        bucket.advance(NAME, partial, durable)

    assert asked == []


def test_another_process_continues(bucket, store, partial):
    bucket.advance(NAME, partial, PART_BYTES)
    other = DepositBucket(**store.options)
    asked = requests(other)

    other.advance(NAME, partial, 30 * MB)
    with whole(partial) as file:
        other.save(NAME, file)

    assert "CreateMultipartUpload" not in asked
    assert asked.count("UploadPart") == 3  # two more, and the last part
    assert store.content(NAME) == partial.read_bytes()


def test_a_killed_process_loses_no_part(bucket, store, partial):
    script = f"""
        import os, signal, threading
        from pathlib import Path
        from django.conf import settings
        settings.configure(USE_TZ=True)
        from submissions.storage_s3 import DepositBucket
        from tests.waiting import wait_until
        bucket = DepositBucket(**{store.options!r})
        size = os.path.getsize({str(partial)!r})
        threading.Thread(
            target=bucket.advance, args=({NAME!r}, Path({str(partial)!r}), size), daemon=True
        ).start()
        wait_until(lambda: [ahead for ahead in bucket._ahead_by_name.values() if ahead.sent])
        os.kill(os.getpid(), signal.SIGKILL)
    """
    killed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    sent = store.parts()
    asked = requests(bucket)

    with whole(partial) as file:
        bucket.save(NAME, file)

    assert 1 in sent
    # The storage may have received one more part completely after it was asked for them.
    assert asked.count("UploadPart") <= 4 - len(sent)
    assert store.content(NAME) == partial.read_bytes()


def test_parts_of_a_truncated_file_are_sent_again(bucket, store, partial):
    bucket.advance(NAME, partial, 30 * MB)
    with partial.open("r+b") as file:
        file.seek(PART_BYTES + 5)
        file.write(b"other")
    asked = requests(bucket)

    with whole(partial) as file:
        bucket.save(NAME, file)

    assert asked.count("UploadPart") == 2  # the second and the last part
    assert store.content(NAME) == partial.read_bytes()


def test_an_upload_that_the_storage_lost_is_sent_completely(bucket, store, partial):
    bucket.advance(NAME, partial, 30 * MB)
    for upload in store.uploads():
        store.client.abort_multipart_upload(
            Bucket=store.bucket, Key=KEY, UploadId=upload["UploadId"]
        )

    bucket.advance(NAME, partial, 30 * MB)
    with whole(partial) as file:
        bucket.save(NAME, file)

    assert store.content(NAME) == partial.read_bytes()


def test_a_process_killed_after_the_last_part_finds_the_object(bucket, store, partial):
    bucket.advance(NAME, partial, 30 * MB)
    with whole(partial) as file:
        bucket.save(NAME, file)
    again = DepositBucket(**store.options)
    asked = requests(again)

    with whole(partial) as file:
        again.save(NAME, file)

    assert "UploadPart" not in asked
    assert "PutObject" not in asked
    assert store.content(NAME) == partial.read_bytes()


def test_cancelled_uploads_are_aborted(bucket, store, partial):
    bucket.advance(NAME, partial, 30 * MB)

    DepositBucket(**store.options).forget(NAME)

    assert store.uploads() == []


def test_forget_does_not_delete_a_saved_file(bucket, store, partial):
    with whole(partial) as file:
        bucket.save(NAME, file)

    bucket.forget(NAME)

    assert store.content(NAME) == partial.read_bytes()


def test_an_unreachable_storage_stops_no_transfer(store, partial):
    nowhere = f"http://127.0.0.1:{services.free_port()}"
    bucket = DepositBucket(**{**store.options, "endpoint_url": nowhere})

    bucket.advance(NAME, partial, 30 * MB)
    asked = requests(bucket)
    bucket.advance(NAME, partial, 30 * MB)  # within PAUSE_SECONDS
    bucket.forget(NAME)

    assert "UploadPart" not in asked


# ---------------------------------------------------------------- the site


@pytest.mark.usefixtures("in_bucket")
@time_machine.travel(NOON, tick=False)
def test_deposit_is_read_back_exactly(client_of, comunik, dossier, ada, store):
    content = PDF + noise(9 * MB)
    Deliverable.objects.update(max_bytes=100 * MB)
    dossier.refresh_from_db()
    submission = deposit(dossier, comunik, ada, content=content)
    url = f"/depots/{submission.pk}/contenu/"
    browser = client_of(ada)

    everything = b"".join(browser.get(url).streaming_content)
    part = browser.get(url, headers={"Range": "bytes=9000000-9000009"})

    assert store.content(submission.file.name or "") == content
    assert everything == content
    assert part.status_code == 206
    assert b"".join(part.streaming_content) == content[9_000_000:9_000_010]
    assert store.uploads() == []


@pytest.mark.usefixtures("in_bucket")
@time_machine.travel(NOON, tick=False)
def test_archive_from_the_storage(client_of, comunik, dossier, ada):
    submission = deposit(dossier, comunik, ada)

    response = client_of(ada).get("/rendu/depots.zip")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    deposits_storage().delete(submission.file.name or "")
    lost = client_of(ada).get("/rendu/depots.zip")
    names = zipfile.ZipFile(io.BytesIO(b"".join(lost.streaming_content))).namelist()

    assert archive.read("INFOCOM/Com’unik/1 Dossier de stratégie v1.pdf") == PDF
    assert "INFOCOM/Com’unik/MANQUANT 1 Dossier de stratégie v1.txt" in names


@pytest.mark.usefixtures("in_bucket")
def test_refused_file_leaves_nothing(comunik, dossier, ada, store):
    Deliverable.objects.update(max_bytes=100 * MB)
    dossier.refresh_from_db()
    with pytest.raises(Refused):
        deposit(dossier, comunik, ada, at=DEADLINE + 60 * MINUTE, content=PDF + noise(9 * MB))

    assert store.client.list_objects_v2(Bucket=store.bucket)["KeyCount"] == 0
    assert store.uploads() == []


def test_settings_choose_the_bucket(tmp_path):
    env = {
        **os.environ,
        "CCD_DATA_DIR": str(tmp_path),
        "CCD_S3_BUCKET": "ccd",
        "CCD_S3_ENDPOINT": "https://s3.example.org",
        "DJANGO_SETTINGS_MODULE": "hackathon.settings",
    }
    script = (
        "import django; django.setup();"
        "from django.core.files.storage import storages;"
        "print(*(type(storages[n]).__name__ + ' ' + storages[n].location"
        " for n in ('default', 'deposits', 'previews')), sep=', ')"
    )
    process = subprocess.run(
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True
    )
    assert process.stdout.strip() == "Bucket attachments, DepositBucket deposits, Bucket previews"


def without_the_extra(script: str, tmp_path: Path, **more: str) -> subprocess.CompletedProcess[str]:
    hide = "import sys; sys.modules.update(dict.fromkeys(['boto3', 'botocore', 'storages']));"
    return subprocess.run(
        [sys.executable, "-c", hide + "import django; django.setup();" + script],
        env={
            **os.environ,
            "CCD_DATA_DIR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "hackathon.settings",
            **more,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_bucket_without_the_extra_is_a_settings_error(tmp_path):
    run = without_the_extra("", tmp_path, CCD_S3_BUCKET="ccd")

    assert run.returncode
    assert "CCD_S3_BUCKET needs the extra « s3 »: uv sync --extra s3" in run.stderr


def test_the_site_needs_no_extra_without_a_bucket(tmp_path):
    script = (
        "import hackathon.urls, hackathon.asgi, submissions.audit.contents;"
        "from django.core.management import call_command; call_command('check')"
    )

    run = without_the_extra(script, tmp_path)

    assert run.returncode == 0, run.stderr
