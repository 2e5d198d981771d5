from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hackathon.base.core.errors import NotFound, Refusal, Refused
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.base.core.tables import Row
from hackathon.event.editions.models import Colleague, Edition
from hackathon.event.editions.program import instants_of
from hackathon.extras.presence import selectors, services
from hackathon.extras.presence.enums import PersonFilter, TickKind
from hackathon.extras.presence.errors import PresenceRefusal
from hackathon.extras.presence.models import Moment, PresenceSettings, Tick
from hackathon.extras.presence.services import Given
from teams.models import Membership
from tests.conftest import DEADLINE, NOON, PARIS, make_team, make_user
from tests.extras.presence.conftest import given

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


def statuses(edition: Edition) -> dict[str, str]:
    roll = selectors.roll_of(edition)
    return {one.name: one.latest.state.value for one in roll.people}


def test_the_first_tick_makes_the_moment_of_the_launch(edition, comunik, ada, ticked):
    assert [moment.pk for moment in selectors.moments_of(edition)] == [None]

    ticked(ada)

    moment = Moment.objects.get()
    assert (moment.name, moment.at) == ("Matin", edition.starts_at)
    assert statuses(edition) == {"Ada": "here", "Ben": "undone"}


def test_what_is_sent_twice_is_one_row_and_one_entry(edition, comunik, ada, ben, eve):
    ticks = [given(ada), given(ben)]

    first = services.tick(edition, ticks, by=eve, at=LATER)
    again = services.tick(edition, [*ticks, ticks[0]], by=eve, at=LATER + timedelta(minutes=5))

    assert again == [*first, first[0]]
    assert Tick.objects.count() == 2
    assert [
        entry.detail["count"] for entry in JournalEntry.objects.filter(act="presence.ticked")
    ] == [2]


def test_of_two_phones_without_a_network_the_earlier_instant_counts(
    edition, comunik, ada, eve, gil
):
    edition.organizers.add(gil)
    services.tick(edition, [given(ada, at=NOON)], by=eve, at=NOON)

    early = given(ada, at=NOON - timedelta(minutes=10))
    (status,) = services.tick(edition, [early], by=gil, at=LATER)

    assert (status.arrived_at, status.by) == (NOON - timedelta(minutes=10), gil.pk)


def test_a_wrong_clock_is_bounded(edition, morning, comunik, ada, ben, eve):
    ahead, behind = (
        given(ada, at=NOON + timedelta(days=9)),
        given(ben, at=NOON - timedelta(days=99)),
    )

    first, second = services.tick(edition, [ahead, behind], by=eve, at=NOON)

    assert first.arrived_at == NOON
    assert second.arrived_at == morning.at - timedelta(hours=24)


def test_what_is_written_on_paper_is_of_the_day_of_the_moment(edition, morning, comunik, ada, eve):
    (status,) = services.tick(edition, [given(ada, clock=time(8, 5))], by=eve, at=DEADLINE)

    assert status.arrived_at is not None
    assert status.arrived_at.astimezone(PARIS).strftime("%d %H:%M") == "13 08:05"


def test_only_who_was_named_notes_presence(edition, comunik, ada, dan, helper, eve):
    desk = make_user("dora@example.org", "Dora")
    Colleague.objects.create(edition=edition, user=desk, role="desk")
    for by in (ada, dan.user, helper):
        with pytest.raises(Refused) as refused:
            services.tick(edition, [given(ada)], by=by, at=NOON)
        assert refused.value.refusal.code == PresenceRefusal.NOT_TICKING
    services.tick(edition, [given(ada)], by=desk, at=NOON)

    services.set_up(edition, confirms=True, helpers_tick=True, by=eve, at=NOON)

    services.tick(edition, [given(ada)], by=helper, at=NOON)
    with pytest.raises(Refused):  # a juror answers calls without a row
        services.tick(edition, [given(ada)], by=dan.user, at=NOON)


def test_one_refused_tick_does_not_stop_the_others(edition, morning, comunik, ada, eve, student):
    gone, stranger = given(ada, moment=99), given(eve)

    outcomes = services.tick(edition, [gone, stranger, given(student)], by=eve, at=NOON)

    codes = [one.code if isinstance(one, Refusal) else one.state for one in outcomes]
    assert codes == [PresenceRefusal.MOMENT_GONE, PresenceRefusal.NOT_LISTED, TickKind.HERE]


def test_many_ticks_need_as_many_queries_as_one(edition, morning, comunik, ada, ben, eve):
    def queries(*people) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            services.tick(edition, [given(one) for one in people], by=eve, at=NOON)
        return len(captured)

    assert queries(ada) == queries(ada, ben, ada)


def test_a_student_says_to_be_here_and_somebody_confirms(edition, comunik, ada, eve, ticked):
    said = services.say_here(edition, by=ada, at=NOON)
    again = services.say_here(edition, by=ada, at=LATER)

    assert (said.state, again) == (TickKind.SAID, said)
    assert Tick.objects.count() == 1
    roll = selectors.roll_of(edition)
    assert [one.name for one in selectors.found_people(roll.people, which=PersonFilter.SAID)] == [
        "Ada"
    ]
    assert roll.inside == []
    ticked(ada, at=LATER)
    assert [one.name for one in selectors.roll_of(edition).inside] == ["Ada"]


def test_without_confirmation_who_says_it_is_here(edition, comunik, ada, eve):
    services.set_up(edition, confirms=False, helpers_tick=False, by=eve, at=NOON)

    status = services.say_here(edition, by=ada, at=NOON)

    assert (status.state, status.by) == (TickKind.HERE, ada.pk)


def test_nobody_says_it_outside_a_moment_or_for_another_edition(edition, comunik, ada, eve):
    for by, at, code in (
        (ada, edition.starts_at - timedelta(hours=2), PresenceRefusal.NOT_NOW),
        (ada, DEADLINE, PresenceRefusal.NOT_NOW),
        (eve, NOON, PresenceRefusal.NOT_LISTED),
    ):
        with pytest.raises(Refused) as refused:
            services.say_here(edition, by=by, at=at)
        assert refused.value.refusal.code == code
    assert not Tick.objects.exists()


def row(pk=None, **values) -> Row:
    return Row(None, pk, values or None, frozenset(values))  # type: ignore[arg-type]


def test_moments_are_written_and_one_with_ticks_stays(edition, comunik, ada, eve, ticked):
    rows = [row(name="Matin", at=NOON), row(name="Soir", at=LATER)]
    services.save_moments(edition, rows, by=eve, at=NOON)
    ticked(ada)
    morning, evening = Moment.objects.all()

    taken = services.save_moments(edition, [row(name="soir", at=LATER)], by=eve, at=NOON)
    used = services.save_moments(edition, [row(morning.pk)], by=eve, at=NOON)
    services.save_moments(edition, [row(evening.pk)], by=eve, at=NOON)

    assert taken[0].code == PresenceRefusal.MOMENT_TAKEN
    assert used[0].code == PresenceRefusal.MOMENT_USED
    assert list(Moment.objects.all()) == [morning]
    assert [one.label for one in instants_of(edition) if one.row == morning] == ["Matin"]


def test_a_copy_has_the_moments_of_its_day_and_the_settings(edition, morning, eve, db):
    services.set_up(edition, confirms=False, helpers_tick=True, by=eve, at=NOON)
    days = timedelta(days=364)
    clone = Edition.objects.create(
        slug="next",
        name="Next",
        registration_opens_at=edition.registration_opens_at + days,
        registration_closes_at=edition.registration_closes_at + days,
        starts_at=edition.starts_at + days,
        deadline_at=edition.deadline_at + days,
        judging_opens_at=edition.judging_opens_at + days,
    )

    services.copy(source=edition, to=clone)

    assert [one.at for one in Moment.objects.filter(edition=clone)] == [morning.at + days]
    copied = PresenceSettings.objects.get(edition=clone)
    assert (copied.confirms, copied.helpers_tick) == (False, True)


def absent() -> set[str]:
    rows = Membership.objects.exclude(absent_at=None)
    return set(rows.values_list("user__name", flat=True))


def test_absences_are_noted_by_an_organizer_only_after_the_last_moment(
    edition, infocom, comunik, ada, ben, eve, ticked
):
    members = list(Membership.objects.values_list("pk", flat=True))

    def note(at=NOON):
        return services.note_absences(edition, members, absent=True, by=eve, at=at)

    with pytest.raises(Refused) as refused:
        note()
    assert refused.value.refusal.code == PresenceRefusal.NOTHING_TICKED
    ticked(ada)
    Moment.objects.create(edition=edition, name="Soir", at=LATER)
    with pytest.raises(Refused) as refused:
        note()
    assert refused.value.refusal.code == PresenceRefusal.NOT_OVER

    count = note(at=LATER)

    assert (count, absent()) == (1, {"Ben"})  # Ada was seen, whatever the page has shown
    assert selectors.roll_of(edition).to_note == []


def test_only_those_chosen_are_noted_and_earlier_absences_stay(
    edition, infocom, comunik, ada, ben, eve, ticked
):
    cy, di = make_user("cy@example.org", "Cy"), make_user("di@example.org", "Di")
    team = make_team(infocom, "Les Autres", cy, di)
    comunik.memberships.filter(user=ben).update(absent_at=NOON)
    ticked(ada)
    chosen = team.memberships.get(user=cy)

    services.note_absences(edition, [chosen.pk], absent=True, by=eve, at=LATER)

    assert absent() == {"Ben", "Cy"}


def test_a_latecomer_who_was_noted_absent_is_taken_back_by_an_organizer(
    edition, comunik, ada, ben, eve, ticked
):
    ticked(ada)
    members = list(Membership.objects.values_list("pk", flat=True))
    services.note_absences(edition, members, absent=True, by=eve, at=NOON)
    ticked(ben, at=LATER)

    assert absent() == {"Ben"}  # nothing by itself
    assert [one.name for one in selectors.roll_of(edition).to_take_back] == ["Ben"]
    services.note_absences(edition, members, absent=False, by=eve, at=LATER)

    assert absent() == set()


def test_members_of_an_absent_team_are_known(edition, comunik, pixels, ada, eve, ticked):
    ticked(ada)
    pixels.absent_at, pixels.absent_by = NOON, eve
    pixels.save()

    assert [one.name for one in selectors.roll_of(edition).unseen] == ["Ben"]


def test_a_person_is_inside_as_they_were_last_seen(edition, comunik, ada, ben, eve):
    morning = Moment.objects.create(edition=edition, name="Matin", at=NOON)
    evening = Moment.objects.create(edition=edition, name="Soir", at=LATER)
    ticks = [
        given(ada, moment=morning.pk),
        given(ben, moment=morning.pk),
        given(ben, moment=evening.pk, at=LATER),
        given(ben, TickKind.LEFT, moment=evening.pk, at=LATER + timedelta(minutes=9)),
    ]
    services.tick(edition, ticks, by=eve, at=DEADLINE)

    assert statuses(edition) == {"Ada": "here", "Ben": "left"}
    back = given(ben, moment=evening.pk, at=LATER + timedelta(minutes=30))
    services.tick(edition, [back], by=eve, at=DEADLINE)
    assert [one.name for one in selectors.roll_of(edition).inside] == ["Ada", "Ben"]


def test_who_changes_rooms_stays_seen(edition, comunik, pixels, ada, eve, ticked):
    ticked(ada)
    comunik.room = "601"
    comunik.save()

    floors = selectors.in_rooms(selectors.roll_of(edition).inside)

    assert [(room, [one.name for one in people]) for f in floors for room, people in f.found] == [
        ("601", ["Ada"])
    ]


def test_those_who_note_presence_and_the_team_learn_it_without_a_name(
    edition, comunik, ada, eve, helper
):
    services.tick(edition, [given(ada)], by=eve, at=NOON)
    services.set_up(edition, confirms=True, helpers_tick=True, by=eve, at=NOON)
    services.tick(edition, [given(ada, at=LATER)], by=eve, at=LATER)

    messages = LiveMessage.objects.order_by("pk")
    first, last = messages.filter(type="presence.ticked")
    assert set(first.audience_names) == {"organizers", "desk", f"team:{comunik.pk}"}
    assert set(last.audience_names) - set(first.audience_names) == {"helpers:technical"}
    assert (first.data, messages.filter(type="presence.set_up").count()) == ({}, 1)


def test_a_stranger_has_no_own_page(edition, comunik, eve, ada):
    with pytest.raises(NotFound):
        selectors.get_own_edition(eve, edition)
    assert selectors.get_own_edition(ada, edition) == edition
    with pytest.raises(NotFound):
        selectors.get_own_edition(ada, None)


def test_a_key_belongs_to_one_tick(edition, comunik, ada, ben, eve):
    key = uuid4()
    services.tick(edition, [Given(key, ada.pk, 0, TickKind.HERE, NOON)], by=eve, at=NOON)
    services.tick(edition, [Given(key, ben.pk, 0, TickKind.HERE, NOON)], by=eve, at=NOON)

    assert Tick.objects.get().user == ada
