import re

import pytest

from hackathon.base.core.cookies import cookie_name
from hackathon.settings import BASE_DIR
from tests.core.test_private_by_default import setting


@pytest.mark.system
def test_over_https_cookies_belong_to_this_host_alone(tmp_path):
    https = {"CCD_HTTPS": "1", "CCD_SECRET_KEY": "x" * 60, "CCD_DATA_DIR": str(tmp_path)}

    for name in ("SESSION", "CSRF", "LANGUAGE"):
        plain = setting(f"{name}_COOKIE_NAME", CCD_DATA_DIR=str(tmp_path))
        assert setting(f"{name}_COOKIE_NAME", **https) == f"__Host-{plain}"
        assert setting(f"{name}_COOKIE_SECURE", **https) == "True"


def test_a_cookie_of_one_part_of_the_site_has_the_other_prefix(settings):
    names = []
    for settings.HTTPS in (False, True):
        names += [cookie_name("x"), cookie_name("x", path="/jury/")]

    assert names == ["x", "x", "__Host-x", "__Secure-x"]


def test_every_cookie_of_ours_has_such_a_name_and_its_attributes():
    found = []
    for folder in ("hackathon", "teams", "submissions", "judging"):
        for path in (BASE_DIR / folder).rglob("*.py"):
            text = path.read_text()
            for call in re.findall(r"\.set_(?:signed_)?cookie\((.*?)\n    *\)\n", text, re.S):
                found.append(path.name)
                for part in ("COOKIE", "httponly=True", 'samesite="Lax"', "secure=settings."):
                    assert part in call, (path, part)
                assert "COOKIE = cookie_name(" in text or "COOKIE_SECONDS = cookie_name(" in text
    assert len(found) == 4
