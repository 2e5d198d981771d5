import pytest

from hackathon.extras.public_demo.models import PublicDemo
from tests.conftest import NOON


@pytest.fixture
def is_public(settings):
    settings.PUBLIC_DEMO, settings.OUTBOUND, settings.DISK_QUOTA = True, False, 500_000_000
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}


@pytest.fixture
def shown(is_public, edition):
    """The edition is the demonstration, made at noon."""
    return PublicDemo.objects.create(pk=1, edition_pk=edition.pk, made_at=NOON, moment="running")
