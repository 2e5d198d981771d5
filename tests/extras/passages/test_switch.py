from datetime import timedelta

import pytest
from django.urls import reverse

from hackathon.base.core.extras import installed
from hackathon.event.editions.services import editions, options
from hackathon.extras.passages.models import PassagePlan
from judging.errors import JudgingRefusal
from tests.extras.passages.conftest import refusal
from tests.judging.conftest import MORNING

OTHERS = [name for name in installed() if name != "passages"]


def test_off_no_team_comes_on_stage_and_nothing_of_it_is_found(remote, eve, client_of, client):
    remote.until("nominees")
    options.choose(edition=remote.edition, names=OTHERS, by=eve, at=MORNING)
    remote.edition.refresh_from_db()

    shown = [remote.go().kind for _ in range(3)]

    assert "presentation" not in shown
    assert client.get("/passage/").status_code == 404
    page = reverse("passages:index", args=[remote.edition.slug])
    assert client_of(eve).get(page).status_code == 404
    assert PassagePlan.objects.exists()


def test_it_stays_on_while_a_team_is_on_stage(remote, eve):
    remote.until("presentation")
    act = {"edition": remote.edition, "names": OTHERS, "by": eve, "at": MORNING}

    assert refusal(lambda: options.choose(**act)) == JudgingRefusal.MESSAGE_SHOWN


@pytest.mark.parametrize("parts", [["passages", "departments"], ["departments"]])
def test_a_clone_has_them_without_their_order_if_asked(parts, edition, infocom, eve):
    PassagePlan.objects.create(department=infocom, speaking_minutes=7, order=[1], word="lune")

    clone = editions.clone(
        source=edition,
        slug="next",
        name="Next",
        starts_at=edition.starts_at + timedelta(days=364),
        parts=parts,
        by=eve,
        at=MORNING,
    )

    plans = PassagePlan.objects.filter(department__edition=clone)
    made = list(plans.values_list("speaking_minutes", "order", "word"))
    assert made == ([(7, [], "")] if "passages" in parts else [])
