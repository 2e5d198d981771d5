from datetime import timedelta

import pytest
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition
from judging.deliberation.services import decision as deliberation
from judging.models import Ceremony, Recusal
from submissions.models import Deliverable, Submission
from teams.models import Team
from tests.conftest import NOON
from tests.judging.conftest import NIGHT, text_of

pytestmark = pytest.mark.time_machine(NIGHT + timedelta(minutes=30), tick=False)


def at(name: str, *more: object) -> str:
    return reverse(f"judging:{name}", args=["INFOCOM", *more])


def hand_in(team: Team, deliverable: Deliverable, by: User) -> None:
    Submission.objects.create(
        deliverable=deliverable,
        team=team,
        version=1,
        begun_at=NOON,
        received_at=NOON,
        submitted_by=by,
        size=3,
        sha256="0" * 64,
        text="oui",
    )


# ---------------------------------------------------------------- signing after the lock


def test_the_signing_page_links_to_the_locked_decision_for_those_who_may_read_it(
    client_of, locked, dan
):
    secret = text_of(client_of(dan.user).get(at("sign")))
    Edition.objects.update(jury_reads_decision=True)
    page = text_of(client_of(dan.user).get(at("sign")))

    assert "Vous pourrez la relire après la remise des prix." in secret
    assert f'href="{at("deliberation")}"' not in secret
    assert "La décision est verrouillée" in page
    assert f'href="{at("deliberation")}"' in page
    assert "Rien à signer" not in page
    assert 'data-shows="deliberation results jury"' in page


# ---------------------------------------------------------------- missing deliverables


def test_the_president_sees_which_teams_have_not_handed_in(
    client_of, decided, diane, ada, comunik, dossier, site_link
):
    for deliverable in (dossier, site_link):
        hand_in(comunik, deliverable, ada)
    browser = client_of(diane.user)

    ranking, lock = text_of(browser.get(at("deliberation"))), text_of(browser.get(at("lock")))

    # Les Five: in the ranking and in the decision beside it; Bocal à idées: among those not ranked.
    assert ranking.count("0 livrable obligatoire sur 2") == 3
    assert lock.count("0 livrable obligatoire sur 2") == 1  # Les Five, who win
    assert "Dossier de stratégie, Site vitrine" in lock


# ---------------------------------------------------------------- recusals


def test_the_president_sees_recusals_beside_the_ranking(client_of, decided, diane, dan, eve, third):
    Recusal.objects.create(
        juror=dan, team=third, reason="Marqueur : tuteur", made_at=NIGHT, made_by=eve
    )
    browser = client_of(diane.user)

    report, ranking = (
        text_of(browser.get(at("progress-report"))),
        text_of(browser.get(at("deliberation"))),
    )

    assert "ne juge pas Bocal à idées" in report
    assert "Marqueur : tuteur" in report
    assert "1 déport dans ce jury" in ranking
    assert f"{at('progress-report')}#recusals" in ranking
    assert "Marqueur" not in text_of(client_of(eve).get(at("progress-report")))


def test_recusals_are_still_shown_after_the_lock(client_of, locked, diane, dan, eve, third):
    Recusal.objects.create(
        juror=dan, team=third, reason="Marqueur : tuteur", made_at=NIGHT, made_by=eve
    )
    browser = client_of(diane.user)

    assert at("my-recusals") in text_of(browser.get(reverse("judging:index")))
    assert "Marqueur : tuteur" in text_of(browser.get(at("my-recusals")))


# ---------------------------------------------------------------- after the lock and later


def test_after_the_publication_pages_do_not_ask_for_secrecy(client_of, locked, diane, edition):
    browser = client_of(diane.user)
    before = text_of(browser.get(at("deliberation")))
    edition.results_published_at = NIGHT
    edition.save()

    after = text_of(browser.get(at("deliberation")))

    assert "gardez le secret" in before
    assert "gardez le secret" not in after
    assert "Les résultats sont publiés" in after


def test_locked_criteria_cannot_be_changed(client_of, locked, diane):
    page = text_of(client_of(diane.user).get(at("amend-criteria")))

    assert "pouvez encore les changer" not in page
    assert "ils ne changent plus" in page


def test_nothing_is_left_to_mark_after_the_lock(client_of, locked, diane, dan, eve):
    mine = text_of(client_of(dan.user).get(reverse("judging:index")))

    assert "à noter</span>" not in mine
    assert "la notation est close" in mine
    for user in (diane.user, eve):
        page = text_of(client_of(user).get(at("progress-report")))
        assert "à ce rythme" not in page
        assert "· encore" not in page
        assert "délibération verrouillée" in page


def test_jurors_who_signed_are_not_asked_again(client_of, decided, diane, dan):
    found = deliberation.open_to_sign(department=decided, by=diane.user, at=NIGHT)
    tablet = client_of(dan.user)
    pages = [reverse("judging:index"), at("sign")]
    before = [text_of(tablet.get(page)) for page in pages]

    deliberation.sign(juror=dan, seen=found.opened_at, by=dan.user, at=NIGHT)

    mine, shown = (text_of(tablet.get(page)) for page in pages)
    assert "Lire et signer la décision" in before[0]
    assert "Lire et signer la décision" not in mine
    assert "Décision signée" in mine
    assert "à signer</span>" in before[1]
    assert "à signer</span>" not in shown


def test_the_lock_page_shows_why_a_decision_cannot_be_locked(client_of, scored, infocom, diane):
    deliberation.decide(department=infocom, nominees=[], places={}, by=diane.user, at=NIGHT)

    page = text_of(client_of(diane.user).get(at("lock")))

    assert 'name="confirmed"' not in page
    assert "Aucun lauréat choisi" in page
    assert "lauréats" in page
    assert f'class="button is-primary" href="{at("deliberation")}"' in page


def test_reopening_is_not_offered_during_a_ceremony(client_of, locked, diane, edition, eve):
    browser = client_of(diane.user)
    before = text_of(browser.get(at("deliberation")))
    Ceremony.objects.create(edition=edition, is_rehearsal=False, moved_at=NIGHT, moved_by=eve)

    after = text_of(browser.get(at("deliberation")))

    assert f'href="{at("reopen")}"' in before
    assert f'href="{at("reopen")}"' not in after
    assert "La cérémonie a commencé" in after
