"""What the settings of a process refuse, and what a process does without."""

import subprocess
import sys

import pytest

from tests.operations import compose
from tests.submissions.tus.servers import environment


def loaded(code: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """The settings in a process of their own."""
    return subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {code}"],
        cwd=compose.ROOT,
        env=environment(**env),
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("name", ["CCD_OIDC_ISSUER", "CCD_CAS_URL"])
def test_no_plain_http_to_the_university_in_production(name: str) -> None:
    production = {"CCD_HTTPS": "1", "CCD_SECRET_KEY": "of-a-test", "CCD_OIDC_CLIENT_ID": "ccd"}

    plain = loaded(**production, **{name: "http://sso.univ.example"})
    secure = loaded(**production, **{name: "https://sso.univ.example"})

    assert plain.returncode == 1
    assert f"{name} must begin with https://" in plain.stderr
    assert secure.returncode == 0, secure.stderr
