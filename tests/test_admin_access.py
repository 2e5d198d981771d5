"""Nobody but superusers reads or writes anything in the admin, whatever permissions they have."""

from collections.abc import Iterator

import pytest
import time_machine
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core.admin import ReadOnlyAdmin
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


def addresses_of_the_admin() -> Iterator[str]:
    yield reverse("admin:index")
    yield reverse("admin:jsi18n")
    yield reverse("admin:autocomplete")
    for label in sorted({model._meta.app_label for model in admin.site._registry}):
        yield reverse("admin:app_list", args=[label])
    for model in admin.site._registry:
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield from (reverse(f"{base}_{name}") for name in ("changelist", "add"))
        if row := model._default_manager.first():
            yield from (
                reverse(f"{base}_{name}", args=[row.pk]) for name in ("change", "delete", "history")
            )


@pytest.fixture
def clerk(eve) -> User:
    """An organizer whom somebody gave all that a superuser is not needed for."""
    eve.is_staff = True
    eve.save()
    eve.user_permissions.set(Permission.objects.all())
    return eve


@time_machine.travel(NOON, tick=False)
def test_staff_with_every_permission_get_nothing_from_the_admin(world, clerk, root, client_of):
    staff, superuser = client_of(clerk), client_of(root)
    urls = list(addresses_of_the_admin())

    answers = {(url, how): getattr(staff, how)(url) for url in urls for how in ("get", "post")}

    sign_in = f"{reverse('admin:login')}?next="
    assert {(a.status_code, a["Location"].startswith(sign_in)) for a in answers.values()} == {
        (302, True)
    }
    assert staff.get(sign_in).status_code == 403
    # What they were refused is there.
    shown = [superuser.get(url).status_code for url in urls if url.endswith("/change/")]
    assert len(shown) >= 20
    assert set(shown) == {200}


def test_everything_but_accounts_is_changed_on_pages_only():
    shown = {m: type(a) for m, a in admin.site._registry.items() if m.__module__[:7] != "allauth"}

    assert [m for m, a in shown.items() if not issubclass(a, ReadOnlyAdmin)] == [User]


@time_machine.travel(NOON, tick=False)
def test_superusers_cannot_give_permissions_and_what_they_are_is_staff_too(root, ada, client_of):
    browser, url = client_of(root), reverse("admin:accounts_user_change", args=[ada.pk])
    permission = Permission.objects.filter(codename="view_brief").get()
    sent = {"email": ada.email, "name": "Ada", "is_active": "on"}
    wishes = {"user_permissions": [permission.pk], "is_staff": "on"}

    assert browser.post(url, {**sent, **wishes}).status_code == 302
    ada.refresh_from_db()
    assert (ada.is_staff, ada.is_superuser) == (False, False)
    assert not ada.user_permissions.exists()
    assert browser.post(url, {**sent, "is_superuser": "on"}).status_code == 302
    ada.refresh_from_db()
    assert (ada.is_staff, ada.is_superuser) == (True, True)
