"""What the settings of a process refuse, and what a process does without."""

import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.exceptions import ImproperlyConfigured

from hackathon.fixed_settings import EVERYONE, SECRETS
from tests.operations import compose
from tests.submissions.tus.servers import environment

IMPORTS = """
import hackathon.celery, hackathon.wsgi, hackathon.asgi
hackathon.celery.app.loader.import_default_modules()
"""


def loaded(**env: str) -> dict[str, Any]:
    """The settings of a process with these variables."""
    with patch.dict("os.environ", environment(**env), clear=True):
        return runpy.run_path(str(compose.ROOT / "hackathon" / "settings.py"))


def own_secrets(process: str) -> set[str]:
    return {name for name, users in SECRETS.items() if process in users}


def variables(process: str, data: Path) -> dict[str, str]:
    """What it has in production."""
    own = {name: f"{name} of a test" for name in own_secrets(process)}
    own |= {"CCD_PROCESS": process, "CCD_HTTPS": "1", "CCD_DATA_DIR": str(data)}
    own |= {"CCD_OIDC_ISSUER": "https://sso.univ.example", "CCD_OIDC_CLIENT_ID": "ccd"}
    del own["CCD_SENTRY_DSN"]  # its package is not a dependency of tests
    return own


@pytest.mark.parametrize("process", EVERYONE)
def test_a_process_has_only_its_secrets(process, tmp_path):
    """What it has no secret for makes no file either."""
    own = variables(process, tmp_path)

    found = loaded(**own)

    kept = {name: own.get(f"CCD_{name}", "") for name in ("SECRET_KEY", "PUSH_SECRET")}
    assert {name: found[name] for name in kept} == kept
    assert not {"secret-key", "push-secret"} & {path.name for path in tmp_path.iterdir()}


def test_all_modules_are_imported_with_the_fewest_secrets(tmp_path):
    """Each other process has these too, and so starts as well."""
    fewest = min(EVERYONE, key=lambda process: len(own_secrets(process)))
    assert all(own_secrets(fewest) <= own_secrets(process) for process in EVERYONE)

    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{IMPORTS}"],
        cwd=compose.ROOT,
        env=environment(**variables(fewest, tmp_path)),
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert not {"secret-key", "push-secret"} & {path.name for path in tmp_path.iterdir()}


def test_a_process_with_a_secret_to_use_does_not_start_without_it():
    with pytest.raises(ImproperlyConfigured, match="CCD_SECRET_KEY must be set"):
        loaded(CCD_HTTPS="1", CCD_PROCESS="uploads")


@pytest.mark.parametrize("name", ["CCD_OIDC_ISSUER", "CCD_CAS_URL"])
def test_no_plain_http_to_the_university_in_production(name):
    production = {"CCD_HTTPS": "1", "CCD_SECRET_KEY": "of-a-test", "CCD_OIDC_CLIENT_ID": "ccd"}

    with pytest.raises(ImproperlyConfigured, match=f"{name} must begin with https://"):
        loaded(**production, **{name: "http://sso.univ.example"})
    loaded(**production, **{name: "https://sso.univ.example"})
