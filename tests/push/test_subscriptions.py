"""A browser that opts in and out."""

import pytest
from django.urls import reverse

from hackathon.base.core.models import JournalEntry
from hackathon.base.push import services, vapid
from hackathon.base.push.models import Subscription
from tests.conftest import NOON
from tests.push.conftest import GIVEN
from tests.refusals import refuses

pytestmark = pytest.mark.django_db


def test_a_person_turns_notifications_on_and_off_for_one_browser(ada, client_of):
    phone, laptop = client_of(ada), client_of(ada)
    page = phone.get(reverse("accounts:profile")).content.decode()

    answers = [
        phone.post(reverse("push:subscribe"), GIVEN).status_code,
        phone.post(reverse("push:subscribe"), GIVEN).status_code,
        laptop.post(reverse("push:subscribe"), {**GIVEN, "endpoint": "https://b.example.net/2"}),
    ]

    assert answers[:2] == [204, 204]
    assert vapid.public_key() in page
    assert "Google, Apple, Mozilla ou Microsoft" in page
    assert Subscription.objects.filter(user=ada).count() == 2
    phone.post(reverse("push:unsubscribe"))
    (left,) = Subscription.objects.all()
    assert left.endpoint == "https://b.example.net/2"
    acts = JournalEntry.objects.order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["device.subscribed", "device.subscribed", "device.unsubscribed"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"endpoint": "http://push.example.net/1"}, "push_unreadable"),
        ({"endpoint": "https://push.example.net/\xe9"}, "push_unreadable"),
        ({"endpoint": "https://push.example.net/1\r\nX: y"}, "push_unreadable"),
        ({"endpoint": "https://push.exa mple.net/"}, "push_unreadable"),
        ({"endpoint": "https://me:secret@push.example.net/"}, "push_unreadable"),
        ({"endpoint": "https://①②⑦.0.0.1/"}, "push_unreadable"),
        ({"endpoint": "https://a.localhost./"}, "push_not_public"),
        ({"endpoint": "https://[::1/"}, "push_unreadable"),
        ({"endpoint": "https://push.example.net:8443/1"}, "push_not_public"),
        ({"endpoint": "https://127.0.0.1/1"}, "push_not_public"),
        ({"endpoint": "https://[::ffff:169.254.169.254]/latest"}, "push_not_public"),
        ({"endpoint": "https://database/1"}, "push_not_public"),
        ({"endpoint": "https://site.internal/1"}, "push_not_public"),
        ({"p256dh": "AAAA"}, "push_unreadable"),
        ({"auth": "short"}, "push_unreadable"),
    ],
)
def test_what_is_no_push_service_is_refused(changed, code, ada, client_of):
    browser = client_of(ada)

    with refuses(code):
        services.subscribe(
            user=ada,
            session_key=browser.session.session_key or "",
            language="fr",
            at=NOON,
            **{**GIVEN, **changed},
        )
    answer = browser.post(reverse("push:subscribe"), {**GIVEN, **changed})

    assert answer.status_code == 422
    assert answer.json()["detail"]


@pytest.mark.database
def test_signing_out_forgets_the_device_and_disabling_the_account_all_of_them(
    ada, ben, client_of, comunik
):
    phone, laptop = client_of(ada), client_of(ben)
    phone.post(reverse("push:subscribe"), GIVEN)
    laptop.post(reverse("push:subscribe"), {**GIVEN, "endpoint": "https://b.example.net/2"})

    phone.post(reverse("account_logout"))

    assert list(Subscription.objects.values_list("user", flat=True)) == [ben.pk]
    ben.is_active = False
    ben.save()
    assert not Subscription.objects.exists()
