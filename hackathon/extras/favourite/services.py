"""All services of organizers lock the edition, and raise `Refused`."""

from collections.abc import Collection
from datetime import datetime
from threading import Lock

from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.codes import code_digest, new_code
from hackathon.base.core.errors import check
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services.guard import lock_for
from hackathon.extras.favourite import live, rules
from hackathon.extras.favourite.models import Favourite, HallBadge, HasVoted, Tally
from judging.ceremony.selectors.state import additions
from judging.ceremony.services.steps import keeping_step
from judging.ceremony.steps import Key
from teams.models import Team

# Orders the votes of a process, without a timeout. SQLite retries its write lock with growing
# pauses: of 400 votes at once the last ones would not get it within 20 s.
_turn = Lock()
CODE_LENGTH = 12  # 28 ** 12 codes: whoever has a digest cannot try them all in an evening


def vote(*, favourite: Favourite, voter: rules.Voter | None, team: str) -> None:
    """Once for each voter: a second one, of whatever team, changes nothing and is not refused.

    No instant, no entry of the journal and no live message. Takes the lock of the row of the
    favourite first, as the closing does: a vote is counted, or refused without a trace.
    """
    with _turn:
        _count(favourite, voter, team)


@transaction.atomic
def _count(favourite: Favourite, voter: rules.Voter | None, team: str) -> None:
    favourite = _with_lock(favourite)
    check(rules.voting_refusal(favourite, voter, team))
    assert voter is not None
    try:
        with transaction.atomic():
            HasVoted.objects.create(favourite=favourite, voter=voter.digest(favourite))
    except IntegrityError:
        return
    tally = Tally.objects.filter(favourite=favourite).first() or Tally(favourite=favourite)
    # With all teams in the same order: that of first votes would tell who was first for a team.
    teams = map(str, favourite.candidates)
    tally.votes = {key: tally.votes.get(key, 0) + (key == team) for key in teams}
    tally.save()


@transaction.atomic
def prepare(*, edition: Edition, title: str, only_presented: bool, by: User, at: datetime) -> None:
    """Without a `title` there is none any more. A running ceremony stays at its step."""
    edition = lock_for(by, edition.pk)
    check(rules.change_refusal(Favourite.objects.filter(edition=edition).first()))
    values = {"title": title, "only_presented": only_presented}
    with keeping_step(edition, at=at):
        if title:
            Favourite.objects.update_or_create(edition=edition, defaults=values)
        else:
            Favourite.objects.filter(edition=edition).delete()
    act = "favourite.prepared" if title else "favourite.dropped"
    journal.record(act, edition, by=by, at=at, **({"title": title} if title else {}))
    live.changed(edition, at=at)


@transaction.atomic
def copy(source: Edition, clone: Edition) -> None:
    """The prize, without what happened to it: badges, votes and winners."""
    for favourite in Favourite.objects.filter(edition=source):
        values = {"title": favourite.title, "only_presented": favourite.only_presented}
        Favourite.objects.create(edition=clone, **values)


@transaction.atomic
def open_by_hand(*, favourite: Favourite, by: User, at: datetime) -> None:
    """For an edition without passages."""
    edition, favourite = _locked(favourite, by)
    has_passages = any(each.has_passages() for each in additions(edition))
    check(rules.change_refusal(favourite, has_passages=has_passages))
    open_vote(favourite, (), by=by, at=at)


def open_vote(favourite: Favourite, presented: Collection[Key], *, by: User, at: datetime) -> None:
    """One can vote for the teams that have presented their work, if some did. Callers hold the lock
    of the edition.
    """
    teams = Team.objects.filter(edition=favourite.edition).present()
    if favourite.only_presented and presented:
        teams = teams.filter(pk__in=presented)
    favourite.candidates = list(teams.values_list("pk", flat=True))
    favourite.opened_at = at
    favourite.save(update_fields=["opened_at", "candidates"])
    number = len(favourite.candidates)
    journal.record("favourite.opened", favourite, by=by, at=at, teams=number)
    live.changed(favourite.edition, at=at)


@transaction.atomic
def close(*, favourite: Favourite, by: User, at: datetime) -> None:
    """Cannot be undone. Keeps the winners and the number of voters, and no trace of votes."""
    edition, favourite = _locked(favourite, by)
    _with_lock(favourite)
    check(rules.open_refusal(favourite))
    tally = Tally.objects.filter(favourite=favourite).first()
    counted = tally.votes if tally else {}  # none before the first vote
    votes = {pk: counted.get(str(pk), 0) for pk in _teams(edition)}
    favourite.closed_at, favourite.voters = at, sum(counted.values())
    favourite.save(update_fields=["closed_at", "voters"])
    favourite.winners.set(rules.winners_of({pk: n for pk, n in votes.items() if n}))
    _forget(favourite)
    journal.record("favourite.closed", favourite, by=by, at=at, voters=favourite.voters)
    live.changed(edition, at=at)


def _forget(favourite: Favourite) -> None:
    """Deleted rows would stay in the files. TRUNCATE gives PostgreSQL new ones, with the rows of
    other votes that are open. SQLite overwrites rows (`secure_delete`); after the commit its WAL,
    which has all former versions, is emptied. Waits 20 s at most for readers of it.
    """
    if connection.vendor == "sqlite":
        HasVoted.objects.filter(favourite=favourite).delete()
        Tally.objects.filter(favourite=favourite).delete()
        transaction.on_commit(lambda: _execute("PRAGMA wal_checkpoint(TRUNCATE)"))
        return
    tables = ", ".join(connection.ops.quote_name(m._meta.db_table) for m in (HasVoted, Tally))
    connection.check_constraints()  # TRUNCATE refuses while some of this transaction are due
    _execute(f"LOCK TABLE {tables}")
    voters = list(HasVoted.objects.exclude(favourite=favourite))
    tallies = list(Tally.objects.exclude(favourite=favourite))
    _execute(f"TRUNCATE {tables}")
    HasVoted.objects.bulk_create(voters)
    Tally.objects.bulk_create(tallies)


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def close_by_remote(*, edition: Edition, by: User, at: datetime, **_seen: int) -> None:
    """Does nothing if it is closed, for a second tap or another remote."""
    favourite = Favourite.objects.filter(edition=edition).first()
    if favourite is not None and favourite.is_open:
        close(favourite=favourite, by=by, at=at)


@transaction.atomic
def print_badges(
    *, favourite: Favourite, count: int, by: User, at: datetime
) -> list[tuple[int, str]]:
    """Numbers and codes of new badges. The codes are in the answer and nowhere else."""
    _edition, favourite = _locked(favourite, by)
    last = favourite.badges.aggregate(last=Max("number"))["last"] or 0
    printed = [(last + n, new_code(CODE_LENGTH)) for n in range(1, count + 1)]
    HallBadge.objects.bulk_create(
        HallBadge(favourite=favourite, number=number, digest=code_digest(code))
        for number, code in printed
    )
    journal.record("favourite.badges_printed", favourite, by=by, at=at, n=count)
    return printed


@transaction.atomic
def revoke_badges(*, favourite: Favourite, first: int, last: int, by: User, at: datetime) -> None:
    """A vote that was given with one of them counts."""
    _edition, favourite = _locked(favourite, by)
    badges = favourite.badges.filter(number__range=(first, last), revoked_at=None)
    n = badges.update(revoked_at=at)
    detail = {"first": first, "last": last, "n": n}
    journal.record("favourite.badges_revoked", favourite, by=by, at=at, **detail)


def _teams(edition: Edition) -> list[int]:
    return list(Team.objects.filter(edition=edition).values_list("pk", flat=True))


def _with_lock(favourite: Favourite) -> Favourite:
    """Excludes other votes and the closing. Foreign keys of votes do not wait for it."""
    return Favourite.objects.select_for_update(no_key=True).get(pk=favourite.pk)


def _locked(favourite: Favourite, by: User) -> tuple[Edition, Favourite]:
    edition = lock_for(by, favourite.edition_id)
    return edition, Favourite.objects.select_related("edition").get(pk=favourite.pk)
