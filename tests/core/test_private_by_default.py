import os
import stat
import subprocess
import sys

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from submissions.inspection import links
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

PRIVATE = ["/accueil/", "/equipe/", "/sujets/", "/questions/", "/annonces/", "/compte/", "/rendu/"]


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize("path", PRIVATE)
def test_pages_of_a_person_are_private_and_asked_for_again(client_of, ada, comunik, path):
    answer = client_of(ada).get(path)

    assert answer.status_code in (200, 302)
    assert "no-cache" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]


def test_a_page_for_everybody_may_be_kept_by_its_browser(comunik):
    assert Client().get("/")["Cache-Control"] == "private, no-cache"


def test_cache_headers_of_a_view_are_kept(comunik):
    assert Client().get("/api/v1/edition/")["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/compte/connexion/", "/api/v1/edition/", "/nowhere/"])
def test_pages_give_up_devices_and_other_origins(path):
    answer = Client().get(path)

    assert "camera=()" in answer["Permissions-Policy"]
    assert "microphone=()" in answer["Permissions-Policy"]
    assert "screen-wake-lock" not in answer["Permissions-Policy"]  # the projector needs it
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "address", ["168.63.129.16", "192.88.99.1", "::ffff:168.63.129.16", "2002:a83f:8110::"]
)
def test_special_addresses_are_not_public(address):
    assert not links.is_public(address)


# ---------------------------------------------------------------- settings of a new process


def setting(name: str, **environment: str) -> str:
    """Of a process with these variables."""
    code = f"from hackathon import settings; print(settings.{name})"
    given = {"PATH": os.environ["PATH"], **environment}
    answer = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env=given,
        capture_output=True,
        check=True,
    )
    return answer.stdout.decode().strip()


@pytest.mark.system
def test_preload_is_a_decision_of_the_operator(tmp_path):
    https = {"CCD_HTTPS": "1", "CCD_SECRET_KEY": "x" * 60, "CCD_DATA_DIR": str(tmp_path)}

    assert setting("SECURE_HSTS_PRELOAD", **https) == "False"
    assert setting("SECURE_HSTS_PRELOAD", CCD_HSTS_PRELOAD="1", **https) == "True"


@pytest.mark.system
def test_others_read_nothing_of_the_data_directory(tmp_path):
    data = tmp_path / "data"
    (data / "deposits").mkdir(parents=True, mode=0o755)
    (data / "hackathon.sqlite3").touch(mode=0o644)

    setting("DATA_DIR", CCD_DATA_DIR=str(data))

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [data, *data.iterdir()]}
    # The web server may pass through it to the static files, and list nothing.
    assert modes.pop("data") == 0o711
    assert {name: oct(mode) for name, mode in modes.items() if mode & 0o077} == {}
    assert {"deposits", "attachments", "previews", "incoming", "uploads"} <= modes.keys()


@pytest.mark.system
@pytest.mark.parametrize("name", ["default", "deposits", "previews"])
def test_others_read_no_file_of_a_person(name, tmp_path):
    """Also if an operator has made the directories readable for a group."""
    mode = setting(
        f"STORAGES['{name}']['OPTIONS']['file_permissions_mode']", CCD_DATA_DIR=str(tmp_path)
    )

    assert int(mode) & 0o077 == 0
    assert int(setting("FILE_UPLOAD_PERMISSIONS", CCD_DATA_DIR=str(tmp_path))) & 0o077 == 0
