from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from django.test import Client
from django.urls import reverse

from hackathon.event.editions.models import Edition
from judging.enums import Method
from judging.models import Award, Criterion, Deliberation, Juror, JuryRules, Nomination
from judging.ranking import selectors
from judging.ranking.explanation import rank_range
from judging.ranking.results import RankingResult
from judging.ranking.selectors import RankingInputs, compute_ranking, ranking_of
from teams.models import Team
from tests.conftest import make_team
from tests.judging.conftest import NIGHT, text_of
from tests.queries import queries_of

pytestmark = pytest.mark.time_machine(NIGHT, tick=False)


# ---------------------------------------------------------------- deliberation


@pytest.fixture
def president(client_of, diane, scored) -> Client:
    return client_of(diane.user)


def decision(teams: Sequence[Team], places: dict[Team, int], **more: str) -> dict[str, str]:
    data = {f"nominee-{team.pk}": "on" for team in teams}
    return {**data, **{f"place-{team.pk}": str(p) for team, p in places.items()}, **more}


def test_the_president_sees_the_ranking(president):
    page = text_of(president.get(reverse("judging:deliberation", args=["INFOCOM"])))

    assert "16,00" in page
    assert "Un vrai marché." in page
    assert "non classée" in page


def test_a_figure_has_the_name_of_the_method_on_a_phone_too(president, infocom):
    JuryRules.objects.create(department=infocom, method=Method.MEDIAN)

    page = president.get(reverse("judging:deliberation", args=["INFOCOM"])).content.decode()

    assert 'data-label="Médiane"' in page
    assert 'data-label="Moyenne"' in page
    assert "Note corrigée" not in page
    assert "Correction" not in page.partition("<tbody")[0]
    assert 'data-label="Moyenne, correction"' not in page


def test_the_ranking_takes_the_same_queries_for_more_teams_and_jurors(
    president,
    infocom,
    max,  # noqa: A002
    fill,
):
    address = reverse("judging:deliberation", args=["INFOCOM"])
    president.get(address)
    few = queries_of(lambda: president.get(address))
    for name in ("Quatre", "Cinq"):
        fill(max, make_team(infocom, name), 9, 9, comment="Oui")

    more = queries_of(lambda: president.get(address))

    assert more == few


def test_teams_ex_aequo_share_the_range_of_their_ranks(president, infocom, dan, max, fill):  # noqa: A002
    for name, dan_mark, max_mark in (("Quatre", 9, 12), ("Cinq", 12, 9.5)):
        team = make_team(infocom, name)
        fill(dan, team, dan_mark, dan_mark)
        fill(max, team, max_mark, max_mark)
    tied = [group for group in ranking_of(infocom).tables[0].groups if len(group) > 1]

    page = president.get(reverse("judging:deliberation", args=["INFOCOM"])).content.decode()

    assert tied
    for group in tied:
        assert page.count(f"<b>{rank_range(group)}</b>") == len(group)


def test_a_draft_is_saved_and_shown(president, scored):
    comunik, five, third = scored
    address = reverse("judging:deliberation", args=["INFOCOM"])

    answer = president.post(address, decision(scored, {comunik: 1, five: 1, third: 2}))

    assert answer.status_code == 302
    assert {award.team: award.rank for award in Award.objects.all()} == {
        comunik: 1,
        five: 1,
        third: 3,
    }
    assert "ex æquo" in text_of(president.get(address))


def test_a_missing_reason_is_asked_for_before_the_lock(president, scored):
    comunik, five, _third = scored
    address, lock = (reverse(f"judging:{n}", args=["INFOCOM"]) for n in ("deliberation", "lock"))
    reversed_ = {five: 1, comunik: 2}

    president.post(address, decision(scored, reversed_, reason="", do="lock"))
    without = president.get(lock).content.decode()
    president.post(address, decision(scored, reversed_, reason="Leur idée.", do="lock"))
    with_one = president.get(lock).content.decode()

    assert f'href="{address}#id_reason"' in without
    assert "#id_reason" not in with_one
    assert "facultatif" not in president.get(address).content.decode().split("id_reason")[0][-400:]


def test_locking_needs_a_confirmation(president, scored):
    comunik, five, _third = scored
    address = reverse("judging:deliberation", args=["INFOCOM"])
    lock = reverse("judging:lock", args=["INFOCOM"])

    chosen = decision(scored, {comunik: 1, five: 2}, do="lock", reason="Pour l’idée.")
    saved = president.post(address, chosen)
    asked = text_of(president.get(lock))
    unticked = president.post(lock, {})
    locked = president.post(lock, {"confirmed": "on"})

    assert saved.headers["Location"] == lock
    assert "Com’unik" in asked
    assert "2 fiches sur 6 sont terminées" in asked
    assert unticked.status_code == 422
    assert locked.status_code == 302
    assert Deliberation.objects.get().locked_at == NIGHT
    assert president.get(lock).status_code == 302
    assert "Verrouillée par Diane" in text_of(president.get(address))


def test_a_prize_without_nomination_is_refused_at_its_place(president, scored):
    comunik, five, _third = scored
    sent = decision([comunik], {comunik: 1, five: 2})

    answer = president.post(reverse("judging:deliberation", args=["INFOCOM"]), sent)

    place = f"place-{five.pk}"
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [place]
    page = text_of(answer)
    assert page.count('aria-invalid="true"') == 1
    assert f'id="id_{place}" aria-invalid="true" aria-describedby="id_{place}_error"' in page
    assert page.count("« Les Five » n’est pas nommée") == 1


def test_the_edition_says_whether_the_jury_reads_the_decision_once_it_is_locked(
    dan_client, decided, president
):
    address = reverse("judging:deliberation", args=["INFOCOM"])
    minutes = reverse("judging:minutes", args=["INFOCOM"])
    before = dan_client.get(address)

    president.post(reverse("judging:lock", args=["INFOCOM"]), {"confirmed": "on"})
    secret = [dan_client.get(url).status_code for url in (address, minutes)]
    own = [president.get(url).status_code for url in (address, minutes)]
    listed = text_of(dan_client.get("/jury/"))
    sign = text_of(dan_client.get(reverse("judging:sign", args=["INFOCOM"])))
    Edition.objects.update(jury_reads_decision=True)
    after = text_of(dan_client.get(address))

    assert before.status_code == 404
    assert (secret, own) == ([404, 404], [200, 200])
    assert address not in listed
    assert 'data-opens="pause' not in listed
    assert address not in sign
    assert address in text_of(dan_client.get("/jury/"))
    assert dan_client.get(minutes).status_code == 200
    assert "Secret jusqu’à la remise des prix" in after
    assert "Les Five" in after
    assert "16,00" not in after


# ---------------------------------------------------------------- set-up


def test_organizers_set_a_jury_up(client_of, eve, infocom):
    browser = client_of(eve)
    setup = reverse("judging:setup", args=[infocom.pk])
    criterion = {"name": "Soin", "weight": 2, "scale": 10, "position": 1, "guidance": "Oui"}
    criterion |= {"team_reads": "juror", "advice_phrases": "Chiffrez."}
    juror = {"email": "new@example.org", "name": "Nour", "kind": "client", "is_president": "on"}

    empty = text_of(browser.get(setup))
    added = browser.post(reverse("judging:criterion-create", args=[infocom.pk]), criterion)
    seated = browser.post(reverse("judging:juror-create", args=[infocom.pk]), juror)
    page = text_of(browser.get(setup))

    assert "Pas encore de critères" in empty
    assert [added.headers["Location"], seated.headers["Location"]] == [setup, setup]
    assert "coefficient 2 (100 %)" in page
    assert "Nour" in page
    assert Juror.objects.get().is_president


def test_organizers_edit_and_remove_jurors_and_criteria(client_of, eve, infocom, dan, criteria):
    browser = client_of(eve)
    seat = [infocom.pk, dan.pk]
    first = [infocom.pk, criteria[0].pk]
    data = {"name": "Besoin", "weight": 4, "scale": 20, "position": 0, "guidance": ""}
    data |= {"team_reads": "always"}

    browser.post(reverse("judging:juror", args=seat), {"kind": "client"})
    browser.post(reverse("judging:criterion", args=first), data)
    dan.refresh_from_db()
    criteria[0].refresh_from_db()
    assert (dan.kind, criteria[0].name, criteria[0].weight) == ("client", "Besoin", 4)

    browser.post(reverse("judging:juror-dismiss", args=seat))
    browser.post(reverse("judging:criterion-delete", args=first))
    assert not Juror.objects.exists()
    assert list(Criterion.objects.all()) == [criteria[1]]


# ---------------------------------------------------------------- publication


def test_results_wait_for_every_jury(client_of, eve, locked, pixels, edition):
    browser = client_of(eve)
    address = reverse("judging:publish", args=["ccd-2020"])

    page = text_of(browser.get(address))
    answer = browser.post(address, {"confirmed": "on"})

    assert "quand chaque jury aura verrouillé" in page
    assert answer.status_code == 422
    assert "Il manque des délibérations : Informatique." in text_of(answer)
    edition.refresh_from_db()
    assert edition.results_published_at is None


def test_publishing_shows_the_prizes_to_everybody(client, client_of, eve, locked, edition):
    browser = client_of(eve)

    unticked = browser.post(reverse("judging:publish", args=["ccd-2020"]), {})
    published = browser.post(reverse("judging:publish", args=["ccd-2020"]), {"confirmed": "on"})
    page = text_of(client.get(reverse("judging:palmares")))
    again = text_of(browser.get(reverse("judging:publish", args=["ccd-2020"])))

    assert unticked.status_code == 422
    assert published.headers["Location"] == reverse("judging:palmares")
    assert page.count("1<sup>er</sup> ex æquo") == 2
    assert page.index("Com’unik") < page.index("Les Five") < page.index("Bocal à idées")
    assert "Les résultats sont publiés depuis" in again


def test_juries_of_an_edition_that_is_not_shown_are_followed_and_published(
    client_of, eve, locked, edition
):
    Edition.objects.update(is_current=False)
    browser, address = client_of(eve), reverse("judging:publish", args=[edition.slug])

    page = text_of(browser.get(address))
    progress = browser.get(reverse("judging:progress", args=[locked.pk]))
    published = browser.post(address, {"confirmed": "on"})

    assert (reverse("stage:remote") in page, edition.name in page) == (False, True)
    assert progress.status_code == 200
    assert published.headers["Location"] == address
    edition.refresh_from_db()
    assert edition.results_published_at is not None


def test_the_api_has_rank_1_twice(client, locked, edition):
    Edition.objects.update(results_published_at=NIGHT - timedelta(minutes=1))

    body = client.get(reverse("api:results")).json()
    opened = body["departments"][0].pop("envelope")

    assert sha256(opened["content"].encode()).hexdigest() == opened["digest"]
    assert opened["results"]["places"] == [{"rank": 1, "teams": ["Com’unik", "Les Five"]}]
    assert body == {
        "published": True,
        "departments": [
            {
                "code": "INFOCOM",
                "name": "Information et Communication",
                "winners": [
                    {"rank": 1, "team": "Com’unik", "project": ""},
                    {"rank": 1, "team": "Les Five", "project": ""},
                ],
                "special": [],
                "nominees": [
                    {"team": "Bocal à idées", "project": ""},
                    {"team": "Com’unik", "project": ""},
                    {"team": "Les Five", "project": ""},
                ],
            }
        ],
    }
    assert Nomination.objects.count() == 3


def test_the_corrected_mark_is_the_mean_and_the_correction_as_the_page_writes_them(
    president, monkeypatch
):
    """16,484 and 16,706 differ by 0,222, and as they are written by 0,23."""

    def computed(inputs: RankingInputs) -> RankingResult:
        found = compute_ranking(inputs)
        close = [replace(s, mean=16.484, estimate=16.706) for s in found.standings]
        return replace(found, standings=close)

    monkeypatch.setattr(selectors, "compute_ranking", computed)

    page = text_of(president.get(reverse("judging:deliberation", args=["INFOCOM"])))

    assert "16,71" in page
    assert '16,48 <span class="muted small nowrap">+0,23</span>' in page
    assert "on ajoute 0,23" in page.replace("\u00a0", " ")
    assert "+0,22" not in page
