"""What the settings of a process refuse, and what a process does without."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hackathon.fixed_settings import EVERYONE, SECRETS
from tests.operations import compose
from tests.submissions.tus.servers import environment

IMPORTS = """
import hackathon.celery, hackathon.wsgi, hackathon.asgi
hackathon.celery.app.loader.import_default_modules()
"""
CHECKED = """
import json
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
try:
    key = settings.SECRET_KEY
except ImproperlyConfigured:
    key = ""
print(json.dumps([key, settings.PUSH_SECRET]))
"""


def loaded(code: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """The settings in a process of their own."""
    return subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{code}"],
        cwd=compose.ROOT,
        env=environment(**env),
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("process", EVERYONE)
def test_a_process_starts_with_only_its_secrets(process: str, tmp_path: Path) -> None:
    """All of its modules, as when it starts. What it has no secret for makes no file either."""
    own = {name: f"{name} of a test" for name, users in SECRETS.items() if process in users}
    own |= {"CCD_PROCESS": process, "CCD_HTTPS": "1", "CCD_DATA_DIR": str(tmp_path)}
    own |= {"CCD_OIDC_ISSUER": "https://sso.univ.example", "CCD_OIDC_CLIENT_ID": "ccd"}
    del own["CCD_SENTRY_DSN"]  # its package is not a dependency of tests

    done = loaded(IMPORTS + CHECKED, **own)

    assert done.returncode == 0, done.stderr
    kept = {name: own.get(name, "") for name in ("CCD_SECRET_KEY", "CCD_PUSH_SECRET")}
    assert json.loads(done.stdout) == list(kept.values())
    assert not {"secret-key", "push-secret"} & {path.name for path in tmp_path.iterdir()}


def test_a_process_with_a_secret_to_use_does_not_start_without_it() -> None:
    done = loaded(CCD_HTTPS="1", CCD_PROCESS="uploads")

    assert done.returncode == 1
    assert "CCD_SECRET_KEY must be set" in done.stderr


@pytest.mark.parametrize("name", ["CCD_OIDC_ISSUER", "CCD_CAS_URL"])
def test_no_plain_http_to_the_university_in_production(name: str) -> None:
    production = {"CCD_HTTPS": "1", "CCD_SECRET_KEY": "of-a-test", "CCD_OIDC_CLIENT_ID": "ccd"}

    plain = loaded(**production, **{name: "http://sso.univ.example"})
    secure = loaded(**production, **{name: "https://sso.univ.example"})

    assert plain.returncode == 1
    assert f"{name} must begin with https://" in plain.stderr
    assert secure.returncode == 0, secure.stderr
