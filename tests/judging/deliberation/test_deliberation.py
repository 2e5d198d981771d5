from datetime import timedelta
from decimal import Decimal

import pytest

from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Edition
from judging.ceremony.selectors import results as selectors_results
from judging.ceremony.services import publication as results
from judging.deliberation.services import decision as deliberation
from judging.models import Award, Criterion, Deliberation, Juror, Nomination
from judging.ranking import selectors as ranking_selectors
from judging.scoring.services import sheets as scoring
from tests.judging.conftest import MORNING, NIGHT, live_messages


def test_the_ranking_is_the_mean_of_the_finished_sheets(scored, infocom, diane, fill):
    comunik, five, third = scored
    fill(diane, five, 20, 15)  # (3 × 20 + 2 × 15) / 5 = 18
    fill(diane, third, 20, 20, finish=False)
    scoring.save(
        juror=diane,
        team=third,
        marks={Criterion.objects.first(): None},
        by=diane.user,
        at=NIGHT,
    )

    ranking = ranking_selectors.ranking_of(infocom)

    assert [(s.team, s.rank, s.mean, s.sheets) for s in ranking.standings] == [
        (comunik, 1, 16, 1),  # the same mean, from the stricter juror alone
        (five, 2, 16, 2),
    ]
    assert ranking.not_ranked == [third]
    assert [comment.text for comment in ranking.standings[0].comments] == ["Un vrai marché."]


def test_a_draft_is_replaced_whole(decided, diane, third):
    deliberation.decide(
        department=decided,
        nominees=[third.pk],
        places={third.pk: 3},
        by=diane.user,
        at=NIGHT,
    )

    assert [n.team for n in Nomination.objects.all()] == [third]
    assert [(a.team, a.rank) for a in Award.objects.all()] == [(third, 1)]


def test_a_lock_records_the_president_and_publishes_only_the_digest(locked, diane):
    found = Deliberation.objects.get()

    assert (found.locked_at, found.locked_by) == (NIGHT, diane.user)
    digest = {"digest": found.digest}
    assert live_messages("deliberation.locked") == [
        ("everyone", {"department": "INFOCOM", **digest})
    ]
    entries = JournalEntry.objects.filter(act__startswith="deliberation").order_by("id")
    assert [(entry.act, entry.detail) for entry in entries] == [
        ("deliberation.drafted", {}),
        ("deliberation.locked", digest),
    ]


def test_a_lock_reads_the_marks_once(decided, diane, monkeypatch):
    read: list[Edition | int] = []
    marked = ranking_selectors.marked_sheets
    monkeypatch.setattr(
        ranking_selectors, "marked_sheets", lambda edition: read.append(edition) or marked(edition)
    )

    deliberation.lock(department=decided, by=diane.user, at=NIGHT)

    assert len(read) == 1


def test_the_edition_is_deliberated_with_its_last_jury_that_has_teams(
    decided, edition, info, diane, pixels
):
    deliberation.lock(department=decided, by=diane.user, at=NIGHT)
    edition.refresh_from_db()
    assert edition.deliberated_at is None

    seat = Juror.objects.create(department=info, user=diane.user, is_president=True)
    criterion = Criterion.objects.create(department=info, name="Code")
    scoring.save(
        juror=seat,
        team=pixels,
        marks={criterion: Decimal(12)},
        finish=True,
        by=diane.user,
        at=NIGHT,
    )
    deliberation.decide(
        department=info, nominees=[pixels.pk], places={pixels.pk: 1}, by=diane.user, at=NIGHT
    )
    deliberation.lock(department=info, by=diane.user, at=MORNING)

    edition.refresh_from_db()
    assert edition.deliberated_at == MORNING


@pytest.mark.usefixtures("info")
def test_a_department_without_teams_does_not_delay_the_edition(locked, edition):
    edition.refresh_from_db()

    assert edition.deliberated_at == NIGHT


def test_publishing_opens_the_results_to_everybody_once(locked, edition, eve):
    assert selectors_results.published_results(edition, at=MORNING) is None

    results.publish(edition=edition, by=eve, at=MORNING)
    published = results.publish(edition=edition, by=eve, at=MORNING + timedelta(hours=1))

    assert published.results_published_at == MORNING
    assert live_messages("results.published") == [("everyone", {})]
    found = selectors_results.published_results(published, at=MORNING)
    assert found is not None
    (result,) = found
    assert [(p.rank, [t.name for t in p.teams]) for p in result.places] == [
        (1, ["Com’unik", "Les Five"])
    ]
    assert [team.name for team in result.only_nominated] == ["Bocal à idées"]
