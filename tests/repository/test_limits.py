"""A whole school sits behind one address: nothing counts, slows or refuses by address alone."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from allauth.account import app_settings
from allauth.core.internal.ratelimit import parse_rates
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from rest_framework.views import APIView

from hackathon.base.accounts.models import User
from hackathon.base.core.api import TokenThrottle
from tests.conftest import make_user

SCHOOL = "192.0.2.7"
STUDENTS = 60
BY_ADDRESS = re.compile(
    r"REMOTE_ADDR|FORWARDED_FOR|X-Forwarded-For|x-real-ip|\.client\b.*host|get_client_ip|get_ip\b|/ip\b",
    re.I,
)
PROXY_LIMITS = re.compile(r"limit_req|limit_conn|limit_rate|fail2ban|geo\s+\$", re.I)


def test_no_limit_of_sign_in_counts_per_address():
    limits = {
        action: [rate.per for rate in parse_rates(rates)]
        for action, rates in app_settings.RATE_LIMITS.items()
        if rates
    }
    # A telephone is no way to sign in here, so its limit is never asked.
    del limits["verify_phone"]

    assert limits["login_failed"] == ["key"]
    assert {per for pers in limits.values() for per in pers} <= {"key", "user"}


def test_the_api_counts_the_requests_of_people_with_tokens_only():
    assert "DEFAULT_THROTTLE_CLASSES" not in settings.REST_FRAMEWORK
    assert re.findall("throttle_classes = .*", everything("*.py")) == [
        "throttle_classes = [TokenThrottle]"
    ]
    asked = SimpleNamespace(auth=object(), user=User(pk=7), META={})
    by_person = TokenThrottle().get_cache_key(asked, APIView())
    asked.auth = None

    assert by_person is not None
    assert by_person.endswith("token_7")
    assert TokenThrottle().get_cache_key(asked, APIView()) is None


def test_only_attempts_for_one_account_look_at_addresses():
    by_file = {
        str(path.relative_to(settings.BASE_DIR)): names
        for path in files("*.py")
        if (names := set(BY_ADDRESS.findall(path.read_text())))
    }

    # `accounts.attempts` has the only count, under the account and the network together.
    assert by_file == {
        "hackathon/base/accounts/adapter.py": {"get_client_ip"},
        "hackathon/base/accounts/attempts.py": {"get_ip"},
        "hackathon/settings.py": {"X-Real-IP"},
    }
    assert not PROXY_LIMITS.findall(everything("*.conf"))


def everything(pattern: str) -> str:
    return "\n".join(path.read_text() for path in files(pattern))


def files(pattern: str) -> list[Path]:
    """All that we wrote with such a name, the tests apart."""
    folders = ("hackathon", "teams", "submissions", "judging", "deploy")
    return [path for folder in folders for path in (settings.BASE_DIR / folder).rglob(pattern)]


@pytest.mark.django_db(transaction=True)
def test_everybody_signs_in_from_the_same_address_in_the_same_minute():
    for number in range(STUDENTS):
        make_user(f"s{number}@example.org")

    answers = [
        Client(REMOTE_ADDR=SCHOOL).post(
            reverse("account_login"), {"login": f"s{number}@example.org"}
        )
        for number in range(STUDENTS)
    ]
    wrong = [
        Client(REMOTE_ADDR=SCHOOL).post(
            reverse("account_login"), {"login": f"s{number}@example.org", "password": "not-mine"}
        )
        for number in range(STUDENTS)
    ]

    assert {answer.status_code for answer in answers} == {302}
    assert len(mail.outbox) == STUDENTS
    assert {answer.status_code for answer in wrong} == {200}
    assert not any("Trop d’essais" in answer.content.decode() for answer in wrong)


@pytest.mark.django_db
def test_one_account_is_protected_wherever_it_is_tried_from():
    make_user("ada@example.org")
    form = {"login": "ada@example.org", "password": "not-hers"}

    answers = [
        Client(REMOTE_ADDR=f"198.51.100.{number}").post(reverse("account_login"), form)
        for number in range(52)
    ]

    assert "Trop d’essais" in answers[-1].content.decode()


@pytest.mark.django_db
def test_the_poll_of_a_whole_school_is_answered():
    answers = [Client(REMOTE_ADDR=SCHOOL).get("/api/v1/live/?after=0") for _ in range(400)]

    assert {answer.status_code for answer in answers} == {200}
