# The rule alone: which reading is offered to whom.

from dataclasses import replace

from hackathon.extras.offered_readings.rules import AHEAD, MOST_DECLINED, offer
from judging.ranking.grid import components
from judging.ranking.noise import posterior
from judging.ranking.standings import Total
from tests.judging.plan.test_more_readings import JURORS, LAST, LEADERS, MARKS, READ, situation


def without(*pairs: tuple[int, int]) -> dict[str, object]:
    # These readings are assigned, and neither finished nor begun.
    totals = [total for total in situation().totals if (total.juror, total.team) not in pairs]
    return {"finished": [pair for pair in READ if pair not in pairs], "totals": totals}


def test_the_reading_that_settles_the_first_place_is_offered():
    assert all(offer(situation(), juror) in LEADERS for juror in JURORS)


def test_nobody_is_offered_a_team_that_they_read_or_must_not_read():
    for juror in JURORS:
        own = {team for j, team in READ if j == juror}
        leader = next(team for team in LEADERS if team not in own)

        assert offer(situation(), juror) == leader
        assert offer(situation(barred=[(juror, leader)]), juror) not in {leader, *own}


def test_a_juror_with_a_reading_to_finish_is_offered_nothing():
    late = READ[0][0]

    found = situation(**without(READ[0]))

    assert offer(found, late) is None
    assert offer(replace(found, barred=[READ[0]]), late) is not None


def test_a_team_with_too_few_readings_comes_before_what_settles_more():
    late, team = next(pair for pair in READ if pair[1] == LAST[1])
    free = next(j for j in JURORS if (j, team) not in READ)

    found = situation(**without((late, team)))

    assert offer(found, free) == team
    # Begun by its juror, or accepted by another one, it is not short any more.
    assert offer(replace(found, begun=[(late, team)]), free) in LEADERS
    other = next(j for j in JURORS if (j, team) not in READ and j != free)
    accepted = [(other, team)]
    found = replace(found, seconds=accepted, assigned=[*READ, *accepted])
    assert offer(found, free) in LEADERS


def test_who_comes_next_is_offered_another_leader():
    # Two jurors have read neither of the two leaders.
    marks = {**MARKS, 1: 9, 4: 16}
    totals = [Total(j, t, marks[t] + (1 if j + t < 16 else -1)) for j, t in READ]
    found = situation(totals=totals, noise=posterior(components(totals)))
    first, second = (j for j in JURORS if (j, 2) not in READ)
    team = offer(found, first)

    pending = [(first, team)]
    later = replace(found, seconds=pending, assigned=[*READ, *pending])

    assert offer(found, second) == team
    assert offer(later, first) is None
    assert {team, offer(later, second)} == {2, 4}


def test_nothing_is_offered_that_settles_nothing():
    marks = {**MARKS, 1: 20, 2: 10}
    totals = [Total(j, t, marks[t]) for j, t in READ]

    found = situation(totals=totals, noise=posterior(components(totals)))

    assert [offer(found, juror) for juror in JURORS] == [None] * len(JURORS)
    assert offer(situation(totals=()), JURORS[0]) is None


def test_loads_stay_even():
    juror = JURORS[0]
    more = [(juror, team) for team in MARKS if (juror, team) not in READ][:AHEAD]
    known = {"seconds": more, "assigned": [*READ, *more], "finished": [*READ, *more]}

    assert offer(situation(**known), juror) is None
    spread = [(other, 3 if (other, 3) not in READ else 4) for other in JURORS[1:]]
    known = {name: [*pairs, *spread] for name, pairs in known.items()}
    assert offer(situation(**known), juror) is not None


def test_a_declined_team_is_not_offered_again_and_after_a_few_none_is():
    juror, declined = JURORS[0], []
    for _ in range(MOST_DECLINED):
        team = offer(situation(put_off=declined), juror)
        assert team is not None
        assert (juror, team) not in declined
        declined.append((juror, team))

    assert offer(situation(put_off=declined), juror) is None


def test_who_is_away_is_offered_nothing():
    assert offer(situation(paused=[JURORS[0]]), JURORS[0]) is None
    assert offer(situation(jurors=JURORS[1:]), JURORS[0]) is None
