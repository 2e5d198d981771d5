"""A team beside the one just before it: only if both agree, and for as long as they do."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import NotFound
from hackathon.base.core.models import JournalEntry
from hackathon.base.live import messages
from hackathon.event.editions.models import Department, Edition
from hackathon.event.roles import audiences_for
from judging.ceremony.selectors.own_comparison import own_comparison, who_sees
from judging.ceremony.services import comparison, publication
from judging.deliberation.services import decision as deliberation
from judging.models import ComparisonConsent, Deliberation
from teams.errors import TeamRefusal
from teams.models import Team
from tests.conftest import make_team, make_user
from tests.judging.conftest import MORNING, NIGHT, live_messages, text_of
from tests.refusals import refuses
from tests.site.open_page import Page, received_types

LATER = MORNING + timedelta(minutes=5)

pytestmark = pytest.mark.time_machine(LATER, tick=False)
OWN = "/palmares/mon-equipe/"
CONSENT = "/palmares/mon-equipe/accord/"
REASON = "Le Sanglier a été lu par Dan."  # it names a third team and a juror


@pytest.fixture
def gus(infocom) -> User:
    return make_user("gus@example.org", "Gus")


@pytest.fixture
def fourth(infocom, gus) -> Team:
    return make_team(infocom, "Le Sanglier", gus)


@pytest.fixture
def locked(fill, dan, max, diane, comunik, five, fourth, infocom) -> Department:  # noqa: A002
    # By the marks: Com’unik, Les Five, Le Sanglier. The jury puts Les Five first.
    Edition.objects.update(shares_marks=True)
    for juror, team, mark in (
        (dan, comunik, 17),
        (max, comunik, 16),
        (dan, five, 14.5),
        (max, five, 14),
        (dan, fourth, 9),
        (max, fourth, 8.5),
    ):
        fill(juror, team, mark, mark, comment=f"Pour {team.name}.")
    deliberation.decide(
        department=infocom,
        nominees=[comunik.pk, five.pk],
        places={five.pk: 1, comunik.pk: 2},
        reason=REASON,
        by=diane.user,
        at=NIGHT,
    )
    return deliberation.lock(department=infocom, by=diane.user, at=NIGHT).department


@pytest.fixture
def published(locked, edition, eve) -> Edition:
    edition.refresh_from_db()
    return publication.publish(edition=edition, by=eve, at=MORNING)


def agree(edition: Edition, user: User) -> None:
    comparison.agree(edition=edition, by=user, at=LATER)


def withdraw(edition: Edition, user: User) -> None:
    comparison.withdraw(edition=edition, by=user, at=LATER)


# ---------------------------------------------------------------- both agree


def test_a_team_that_agrees_reads_why_the_one_just_before_is_before(
    client_of, published, ada, ben, fay
):
    agree(published, ada)
    agree(published, fay)

    text = text_of(client_of(ben).get(OWN))  # any member of the team

    assert "Au classement, « Com’unik » a 16,50 sur 20 et « Les Five » 14,25" in text
    assert "Le jury donne la 1ʳᵉ place à « Les Five » et la 2ᵉ place à « Com’unik »" in text
    assert "et le motif est écrit" in text
    for secret in ("Dan", "Max", "Diane", "Le Sanglier", REASON, "Pour Les Five."):
        assert secret not in text


def test_the_one_just_before_reads_nothing_of_the_one_behind(client_of, published, ada, fay):
    agree(published, ada)
    agree(published, fay)

    text = text_of(client_of(fay).get(OWN))

    assert "Com’unik" not in text
    assert "16,50" not in text
    assert "Votre équipe est d’accord." in text


@pytest.mark.parametrize("alone", ["ada", "fay"])
def test_one_agreement_shows_nothing_to_anybody(client_of, published, ada, fay, gus, alone):
    before = {name: text_of(client_of(user).get(OWN)) for name, user in names(ada, fay, gus)}
    agree(published, {"ada": ada, "fay": fay}[alone])

    after = {name: text_of(client_of(user).get(OWN)) for name, user in names(ada, fay, gus)}

    changed = [name for name in before if part(before[name]) != part(after[name])]
    assert changed == [alone]
    assert not {"Les Five", "Com’unik"} & set(after[alone].split("« "))


def names(*users: User) -> list[tuple[str, User]]:
    return [(user.email.partition("@")[0], user) for user in users]


def part(text: str) -> str:
    start = text.index('<section class="card" id="comparison"')
    section = text[start : text.index("</section>", start)]
    return section.partition("csrfmiddlewaretoken")[0]


def test_who_never_agreed_and_who_withdrew_look_the_same(client_of, published, ada, fay):
    agree(published, ada)
    never = part(text_of(client_of(ada).get(OWN)))
    agree(published, fay)
    both = part(text_of(client_of(ada).get(OWN)))
    withdraw(published, fay)

    assert part(text_of(client_of(ada).get(OWN))) == never
    assert both != never


def test_each_may_withdraw_and_then_it_is_gone(client_of, published, ada, ben, fay):
    for member in (fay, ben):  # ben is not the captain
        agree(published, ada)
        agree(published, fay)
        browser = client_of(ada)
        assert "« Les Five »" in text_of(browser.get(OWN))

        withdraw(published, member)

        text = text_of(browser.get(OWN))
        assert "Les Five" not in text
        assert "14,25" not in text


def test_an_open_page_loses_it_when_the_other_withdraws(client_of, published, ada, fay):
    agree(published, ada)
    agree(published, fay)
    opened = Page(client_of(ada), OWN)
    since = messages.last_id()

    withdraw(published, fay)

    received = received_types(ada, published, since)
    fresh = opened.fetched_again()
    assert "Les Five" in opened.html
    opened.receive(received, fresh, frozenset(audiences_for(ada, published)))
    assert opened.text == fresh.text
    assert "Les Five" not in opened.html


def test_the_messages_go_only_to_those_whose_page_changes(published, comunik, five, ada, fay, gus):
    def told(act: Callable[[Edition, User], None], user: User) -> list[str]:
        before = len(live_messages("comparison.changed"))
        act(published, user)
        return [audience for audience, _data in live_messages("comparison.changed")[before:]]

    own, first = f"team:{comunik.pk}", f"team:{five.pk}"

    assert told(agree, ada) == [own]
    assert told(agree, ada) == []
    assert told(agree, fay) == [first, own]  # Com’unik agrees: it may now read
    assert told(withdraw, ada) == [own]  # nobody behind it agrees
    assert told(withdraw, fay) == [first]
    assert told(withdraw, fay) == []
    assert all(data == {} for _audience, data in live_messages("comparison.changed"))


def test_equal_teams_just_before_are_each_compared_if_they_agree(
    published, fourth, five, comunik, ada, fay, gus
):
    Deliberation.objects.get().awards.update(rank=1)
    for user in (ada, fay, gus):
        agree(published, user)

    found = own_comparison(gus, fourth)

    assert {pair.first.name for pair in found.pairs} == {"Les Five", "Com’unik"}
    assert who_sees(five) == who_sees(comunik) == [fourth.pk]


# ---------------------------------------------------------------- who and when


def test_only_the_captain_agrees(client_of, published, ada, ben):
    with refuses(TeamRefusal.NOT_CAPTAIN):
        agree(published, ben)
    answer = client_of(ben).post(CONSENT, {"agree": "yes"}, follow=True)

    assert "Seul·e le ou la capitaine peut faire cela." in text_of(answer)
    assert not ComparisonConsent.objects.exists()
    assert "D’accord pour comparer" not in text_of(client_of(ben).get(OWN))
    assert "D’accord pour comparer" in text_of(client_of(ada).get(OWN))


def test_the_buttons_and_the_journal(client_of, published, ada, ben, comunik):
    answer = client_of(ada).post(CONSENT, {"agree": "yes"})
    assert ComparisonConsent.objects.get().given_by == ada
    assert "Accord donné par Ada" in text_of(client_of(ben).get(OWN))
    client_of(ben).post(CONSENT, {"agree": ""})

    assert answer["Location"] == OWN + "#comparison"
    assert not ComparisonConsent.objects.exists()
    acts = JournalEntry.objects.filter(act__startswith="comparison.").order_by("pk")
    assert [(entry.act, entry.by, entry.team_pk) for entry in acts] == [
        ("comparison.agreed", ada, comunik.pk),
        ("comparison.withdrawn", ben, comunik.pk),
    ]


def test_nothing_before_the_publication_and_without_sharing(
    client_of, locked, edition, ada, eve, dan
):
    edition.refresh_from_db()

    def refused(user: User) -> bool:
        with pytest.raises(NotFound):
            agree(edition, user)
        with pytest.raises(NotFound):
            withdraw(edition, user)
        browser = client_of(user)
        statuses = {browser.post(CONSENT, {"agree": "yes"}).status_code}
        return (statuses | {browser.get(OWN).status_code}) == {404}

    assert refused(ada)
    edition = publication.publish(edition=edition, by=eve, at=MORNING)
    assert all(refused(user) for user in (dan.user, eve))  # no team
    Edition.objects.update(shares_marks=False)
    edition.refresh_from_db()
    assert refused(ada)


def test_without_a_record_there_is_nothing_to_agree_to(client_of, published, ada):
    Deliberation.objects.update(record={})

    assert 'id="comparison"' not in text_of(client_of(ada).get(OWN))
