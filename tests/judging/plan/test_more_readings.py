from dataclasses import replace

from judging.plan.more_readings import Situation, second_reading
from judging.ranking.grid import components
from judging.ranking.noise import posterior
from judging.ranking.standings import Total

LEADERS, LAST = (1, 2), (5, 6)
MARKS = {1: 16, 2: 15.5, 3: 12, 4: 11, 5: 6, 6: 5}
JURORS = (11, 12, 13, 14)
READ = [(j, t) for t in MARKS for j in JURORS if (j + t) % 2]  # two readings of each team


def situation(**changes: object) -> Situation:
    totals = [Total(j, t, MARKS[t] + (j % 3 - 1) / 2) for j, t in READ]
    found = Situation(
        teams=list(MARKS),
        jurors=list(JURORS),
        paused=(),
        least=2,
        assigned=READ,
        seconds=(),
        begun=(),
        finished=READ,
        barred=(),
        put_off=(),
        totals=totals,
        noise=posterior(components(totals)),
    )
    return replace(found, **changes)


def test_a_second_reading_goes_to_a_juror_with_little_to_read():
    pair = second_reading(situation(), LEADERS)
    assert pair is not None
    busy, _team = pair
    pending = [(busy, next(t for t in MARKS if (busy, t) not in READ and t not in LEADERS))]

    other = second_reading(situation(seconds=pending, assigned=[*READ, *pending]), LEADERS)

    assert other is not None
    assert other[0] != busy
    assert other[1] in LEADERS
    everybody = [(juror, team) for juror in JURORS for team in LEADERS]
    assert second_reading(situation(barred=everybody), LEADERS) is None
