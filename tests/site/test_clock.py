from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from hackathon.day.site.fragments import changed_fragments
from hackathon.day.site.page_clock import PageClock, page_clock
from hackathon.event.editions.enums import LatePolicy, MilestoneKind, Phase
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import day_line
from hackathon.event.roles import audiences_of, roles_of
from submissions.models import Deliverable, Extension
from submissions.versions.rules import OwnPeriod, deposit_period
from tests.conftest import DEADLINE, NOON

SECOND = timedelta(seconds=1)
FRIDAY = DEADLINE + timedelta(hours=13)


def clock_at(
    edition: Edition, at: datetime, *, minutes: int = 0, member: bool = False
) -> PageClock:
    extensions = [Extension(minutes=minutes)] if minutes else []
    period = deposit_period(edition, extensions) if member or minutes else None
    return page_clock(edition, day_line(edition, edition.milestones.all()), period, at=at)


# The instant of the edition with which the countdown moves.
FOLLOWS = {
    "Inscriptions dans": "registration",
    "Lancement dans": "launch",
    "Rendu dans": "deadline",
}


@pytest.mark.parametrize(
    ("at", "phase", "label", "target"),
    [
        (NOON - timedelta(days=11), Phase.DRAFT, "Inscriptions dans", NOON - timedelta(days=10)),
        (NOON - timedelta(days=9), Phase.REGISTRATION, "Lancement dans", None),
        (NOON - timedelta(hours=4, minutes=40), Phase.READY, "Lancement dans", None),
        (NOON, Phase.RUNNING, "Rendu dans", DEADLINE),
        (DEADLINE, Phase.RUNNING, "Rendu dans", DEADLINE),
    ],
)
def test_it_counts_down_to_the_next_change_of_phase(edition, at, phase, label, target):
    clock = clock_at(edition, at)

    assert (clock.phase, clock.target_label) == (phase, label)
    assert clock.follows == FOLLOWS[label]
    assert clock.target_at == (target or edition.starts_at)


def test_in_the_grace_the_deadline_has_passed_for_everybody(edition):
    clock = clock_at(edition, DEADLINE + SECOND)

    assert (clock.phase, clock.target_label) == (Phase.GRACE, "Heure limite passée")
    assert (clock.target_at, clock.target_time_label) == (None, "à 23:00")


def test_after_the_grace_there_is_no_countdown(edition):
    clock = clock_at(edition, DEADLINE + timedelta(minutes=20))

    assert clock.phase == Phase.JUDGING
    assert (clock.target_at, clock.target_label) == (None, "Rendu terminé")


def test_after_the_grace_it_counts_down_to_the_awards(edition):
    awards = DEADLINE + timedelta(hours=13, minutes=30)
    edition.milestones.create(kind=MilestoneKind.AWARDS, label="Remise des prix", at=awards)

    clock = clock_at(edition, DEADLINE + timedelta(minutes=20))
    after = clock_at(edition, awards)

    assert (clock.target_at, clock.target_label) == (awards, "Remise des prix dans")
    assert after.target_at is None


def test_published_results_end_the_countdown(edition):
    edition.results_published_at = DEADLINE + timedelta(hours=1)

    clock = clock_at(edition, DEADLINE + timedelta(hours=2))

    assert (clock.target_at, clock.target_label) == (None, "Résultats publiés")


def own_period(edition: Edition, due_at: datetime | None) -> OwnPeriod:
    deliverable = Deliverable(pk=1, name="Présentation", due_at=due_at)
    return OwnPeriod(1, "Présentation", deposit_period(edition, [], deliverable))


@pytest.mark.parametrize(
    ("due_at", "at", "label"),
    [
        (FRIDAY, NOON, "Rendu dans"),  # the edition's comes first
        (FRIDAY, DEADLINE + SECOND, "Heure limite passée"),  # in the grace
        (FRIDAY, DEADLINE + timedelta(hours=1), "Rendu de « Présentation » dans"),
        (FRIDAY, FRIDAY, "Rendu de « Présentation » dans"),
        (FRIDAY, FRIDAY + SECOND, "Rendu terminé"),
        (NOON + SECOND, NOON, "Rendu de « Présentation » dans"),
        (NOON + SECOND, NOON + 2 * SECOND, "Rendu dans"),
        (None, DEADLINE + timedelta(hours=1), "Rendu terminé"),  # it only opens at its own instant
    ],
)
def test_it_counts_down_to_the_own_deadline_of_what_is_due_next(edition, due_at, at, label):
    own = [own_period(edition, due_at)]

    clock = page_clock(edition, [], deposit_period(edition, []), own=own, at=at)

    assert clock.target_label.replace("\xa0", " ") == label
    if "Présentation" in label:
        assert (clock.target_at, clock.follows) == (due_at, "deadline")
        assert "février à 1" in clock.target_time_label


def test_the_header_of_a_member_names_what_is_due_next(edition, comunik, ada, client_of):
    Deliverable.objects.create(
        department=comunik.department, name="Présentation", kind="file", due_at=FRIDAY
    )

    with time_machine.travel(DEADLINE + timedelta(hours=1), tick=False):
        page = client_of(ada).get(reverse("teams:mine")).content.decode()
        part = "".join(
            changed_fragments(
                ["clock"], None, frozenset(audiences_of(roles_of(ada, edition))), last=0
            )
        )

    for shown in (page, part):
        assert "Rendu de « Présentation » dans" in shown.replace("\xa0", " ")


def test_for_a_team_with_an_extension_the_phase_is_still_running(edition):
    own = DEADLINE + timedelta(minutes=30)

    clock = clock_at(edition, DEADLINE + timedelta(minutes=25), minutes=30)
    grace = clock_at(edition, own + SECOND, minutes=30)

    assert (clock.phase, clock.target_at) == (Phase.RUNNING, own)
    assert clock.follows == "deadline"
    assert (grace.phase, grace.target_label) == (Phase.GRACE, "Heure limite passée")


@pytest.mark.parametrize(
    ("changes", "at", "text"),
    [
        ({}, NOON, "Un envoi commencé avant"),
        ({"late_policy": LatePolicy.ACCEPT}, NOON, "Après, il est marqué en retard."),
        ({"grace_seconds": 0}, NOON, ""),
        ({}, DEADLINE + SECOND, "Seuls finissent, jusqu’à 23:10, les envois"),
        ({"late_policy": LatePolicy.ACCEPT}, DEADLINE + SECOND, "est marqué en retard"),
        ({}, DEADLINE + timedelta(hours=1), ""),
    ],
)
def test_the_label_of_the_grace(edition, changes, at, text):
    for name, value in changes.items():
        setattr(edition, name, value)

    label = clock_at(edition, at).grace_label

    assert text in label
    assert bool(text) == bool(label)


def test_the_day_line_goes_from_launch_to_deadline(edition):
    middle = edition.starts_at + (DEADLINE - edition.starts_at) / 2
    edition.milestones.create(kind=MilestoneKind.HALFWAY, label="Mi-parcours", at=middle)

    clock = clock_at(edition, NOON)

    assert [m.fraction for m in clock.moments] == [0, 0.5, 1]
    assert [m.past for m in clock.moments] == [True, False, False]
    assert [m.next for m in clock.moments] == [False, True, False]
    assert 0 < clock.day_fraction < 0.5


def test_the_day_line_of_a_team_with_an_extension_ends_at_its_own_deadline(edition):
    own = DEADLINE + timedelta(minutes=30)
    edition.milestones.create(
        kind=MilestoneKind.OTHER, label="Rangement", at=DEADLINE + timedelta(minutes=5)
    )

    clock = clock_at(edition, DEADLINE + timedelta(minutes=20), minutes=30)

    assert [m.label for m in clock.moments] == ["Lancement", "Rangement", "Rendu des travaux"]
    assert (clock.moments[-1].at, clock.moments[-1].fraction, clock.day_ends_at) == (own, 1, own)
    assert clock.moments[-1].next
    assert clock.day_fraction < 1
    assert clock_at(edition, NOON).day_ends_at == DEADLINE
