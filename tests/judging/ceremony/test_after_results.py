import re
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.core import journal
from hackathon.event.editions.models import Department, Edition
from judging.ceremony.selectors import own_marks
from judging.ceremony.services import publication as results
from judging.deliberation.selectors import envelopes
from judging.deliberation.services import decision as deliberation
from judging.models import Award, Deliberation, ScoreSheet
from tests.conftest import make_team
from tests.judging.conftest import MORNING, NIGHT, text_of

LATER = MORNING + timedelta(minutes=5)

pytestmark = pytest.mark.time_machine(LATER, tick=False)
OWN = "/palmares/mon-equipe/"


@pytest.fixture
def published(locked, edition, eve) -> Edition:
    return results.publish(edition=edition, by=eve, at=MORNING)


# ---------------------------------------------------------------- the pages of the team


@pytest.mark.parametrize("path", ["/equipe/", "/rendu/"])
def test_a_team_reads_what_it_has_won_once_it_is_published(
    path, locked, edition, ada, eve, client_of
):
    before = text_of(client_of(ada).get(path))
    results.publish(edition=edition, by=eve, at=MORNING)
    after = client_of(ada).get(path)

    assert "votre équipe a gagné" not in before
    assert 'class="own-prize"' not in before
    assert "Bravo, votre équipe a gagné" in text_of(after)
    prize = after.content.decode().partition('class="own-prize"')[2].partition("</p>")[0]
    assert "prix" in prize
    assert "ex æquo" in prize
    for name in ("judging:own-team", "judging:palmares"):
        assert reverse(name) in after.content.decode().partition("own-results")[2]


# ---------------------------------------------------------------- envelopes


def page(browser: Client) -> str:
    return text_of(browser.get(reverse("judging:envelopes")))


def test_before_the_publication_only_the_digest_is_shown(client, locked):
    kept = Deliberation.objects.get()

    text = page(client)

    assert f'data-digest="{kept.digest}"' in text
    assert kept.salt not in text
    assert "Com’unik" not in text
    assert client.get(reverse("judging:envelope", args=["INFOCOM"])).status_code == 404


def test_salt_and_results_are_not_queried_before_the_publication(locked, edition):
    with CaptureQueriesContext(connection) as captured:
        envelopes.envelopes(edition, at=MORNING)

    assert not [q for q in captured if "salt" in q["sql"] or "record" in q["sql"]]
    assert len(captured) == 3


def test_a_jury_that_deliberates_has_no_envelope(client, decided):
    text = page(client)

    assert "le jury délibère" in text
    assert "data-digest" not in text


def test_the_digest_of_an_opened_envelope_can_be_checked(client, published):
    digest = Deliberation.objects.get().digest

    file = client.get(reverse("judging:envelope", args=["infocom"]))
    text = page(client)

    assert sha256(file.content).hexdigest() == digest
    assert file["Content-Disposition"].endswith('filename="enveloppe-ccd-2020-INFOCOM.txt"')
    assert "Recalculée par le serveur : c’est l’empreinte annoncée." in text
    assert "Le palmarès en ligne dit la même chose." in text


def test_a_changed_content_shows(client, published):
    kept = Deliberation.objects.get()
    kept.record["results"]["places"][0]["teams"] = ["Bocal à idées"]
    kept.save()

    assert "ce n’est pas l’empreinte annoncée" in page(client)


def test_a_changed_award_shows(client, published):
    Award.objects.filter(team__name="Les Five").update(rank=2)

    text = page(client)

    assert "c’est l’empreinte annoncée" in text
    assert "Le palmarès en ligne dit autre chose" in text


def test_a_digest_that_was_announced_before_is_struck(client, locked, diane):
    first = Deliberation.objects.get()
    old, reopened_at = first.digest, NIGHT + timedelta(minutes=3)
    journal.record("deliberation.reopened", first, by=diane.user, at=reopened_at, signatures=0)
    Deliberation.objects.update(locked_at=None, locked_by=None, digest="", salt="", record={})

    assert f"<s><code>{old}</code></s>" in page(client)

    deliberation.lock(department=locked, by=diane.user, at=NIGHT + timedelta(minutes=9))
    text = page(client)

    assert f"<s><code>{old}</code></s>" in text
    assert f'data-digest="{Deliberation.objects.get().digest}"' in text
    assert text.count("<s>") == 1


def test_a_lock_without_an_envelope_shows_none(client, published):
    Deliberation.objects.update(record={}, salt="", digest="")

    assert client.get(reverse("api:results")).json()["departments"][0]["envelope"] is None
    assert client.get(reverse("judging:envelopes")).status_code == 200


# ---------------------------------------------------------------- special prizes


def test_special_prizes_are_in_the_palmares_and_the_api(client, published, third):
    Award.objects.create(deliberation=Deliberation.objects.get(), team=third, title="Audace")

    text = text_of(client.get(reverse("judging:palmares")))
    (department,) = client.get(reverse("api:results")).json()["departments"]

    assert "Audace" in text
    assert "aussi nommée" not in text  # every nominee has won a prize
    assert department["special"] == [{"title": "Audace", "team": third.name, "project": ""}]


# ---------------------------------------------------------------- a team's own marks


@pytest.fixture
def shared(scored, decided, diane, max, fill, edition, eve) -> Edition:  # noqa: A002
    # Com’unik with three finished sheets; marks are shared and results published.
    Edition.objects.update(shares_marks=True)
    comunik = scored[0]
    fill(diane, comunik, 11, 19, comment="Zut, trop court.")
    fill(max, comunik, 18, 9.5, comment="À refaire l’an prochain.")
    up_to_date = {"basis": "", "reason": "Pour l’idée.", "order_confirmed": True}
    Deliberation.objects.update(**up_to_date)
    deliberation.lock(department=decided, by=diane.user, at=NIGHT)
    edition.refresh_from_db()
    return results.publish(edition=edition, by=eve, at=MORNING)


def test_a_team_reads_its_marks_and_comments(client_of, shared, ben):
    text = text_of(client_of(ben).get(OWN))

    assert "Un vrai marché." in text
    assert "Zut, trop court." in text
    assert "14,93" in text  # (3 × 15 + 2 × 14,83) / 5
    assert "<span>11</span><span>16</span><span>18</span>" in text
    assert "<span>9,5</span><span>16</span><span>19</span>" in text
    assert "La moyenne de vos 3 fiches est 14,93. Vos jurés notent comme les autres" in text
    assert '<b class="num">14,93</b> <span class="muted">sur 20 : c’est la note qui compte' in text
    assert re.search(r"Votre rang : [^.]* sur \d+", text)
    assert text.count("<progress") == 4  # mean, with the correction, two criteria
    assert "Les Five" not in text


def test_a_team_that_is_tied_counts_the_others_and_reads_that_some_are_apart(
    client_of, two_tables, edition, ada, eve
):
    Edition.objects.update(shares_marks=True)
    edition.refresh_from_db()
    results.publish(edition=edition, by=eve, at=MORNING)

    text = text_of(client_of(ada).get(OWN))

    assert "Votre rang : 1<sup>er</sup>–3<sup>e</sup> sur 3, avec 2 autres équipes que" in text
    assert "D’autres jurés ont lu les autres équipes du département" in text
    assert "À part" not in text


def test_nothing_is_called_a_correction_where_none_is_made(client_of, infocom, shared, ada):
    corrected = text_of(client_of(ada).get(OWN))
    kept = Deliberation.objects.get()
    kept.record["parameters"]["method"] = "median"
    kept.save()
    plain = text_of(client_of(ada).get(OWN))

    assert "Avec la correction" in corrected
    assert "la correction" not in plain
    assert "D’autres jurés ont lu" not in corrected


@pytest.mark.parametrize(
    ("rows", "places", "sentence"),
    [
        ([(1, 1), (2, 1), (3, 1)], {2: 1}, "Le jury a choisi entre vous trois en délibérant."),
        ([(1, 1), (2, 1)], {1: 1, 2: 2}, "Le jury a choisi entre vous deux en délibérant."),
        ([(1, 3), (2, 3), (3, 3), (4, 3)], {2: 3}, "en délibérant entre vous et les 3 autres."),
        # Nothing was chosen among them: they are alone, have the same place, or none.
        ([(1, 1)], {1: 1}, "c’est lui qui décide du palmarès, en délibérant."),
        ([(1, 1), (2, 1)], {1: 1, 2: 1}, "c’est lui qui décide du palmarès, en délibérant."),
        ([(1, 3), (2, 3)], {5: 1, 6: 2}, "c’est lui qui décide du palmarès, en délibérant."),
    ],
)
def test_a_team_reads_whether_the_jury_chose_among_those_that_marks_leave_tied(
    rows, places, sentence, shared, ada
):
    """`rows`: team and rank of its group. Nothing is said that ranks and palmarès don't say."""
    own = own_marks.get_own_marks(ada, shared, at=LATER)
    assert own.standing is not None
    group = [replace(own.standing, team=team, rank=rank) for team, rank in rows]
    is_choice = own_marks.is_choice(group, places, tables=1)
    marks = replace(own, group=group, is_choice=is_choice, place=None)

    text = render_to_string("judging/ceremony/_own_decision.html", {"marks": marks})

    assert sentence in normalised(text)
    assert not own_marks.is_choice(group, places, tables=2)


def test_a_team_reads_its_place_beside_its_rank(client_of, shared, ada, fay):
    texts = [normalised(text_of(client_of(user).get(OWN))) for user in (ada, fay)]

    places = [award.rank for award in Award.objects.exclude(rank=None).order_by("team__name")]
    assert len(places) == 2
    for text, place in zip(texts, places, strict=True):
        assert f"Au palmarès : {place}<sup>e{'r' if place == 1 else ''}</sup> prix." in text


def normalised(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").replace("\u202f", " ").split())


def test_marks_and_comments_do_not_reveal_their_jurors(client_of, shared, ada):
    text = text_of(client_of(ada).get(OWN))
    found = own_marks.get_own_marks(ada, shared, at=LATER)

    for juror in ("Diane", "Dan", "Max"):
        assert juror not in text
    assert all(line.values == sorted(line.values) for line in found.criteria)
    assert found.comments == sorted(found.comments)
    before = (found.comments, [line.values for line in found.criteria])
    ScoreSheet.objects.filter(team=found.team).update(changed_at=LATER)
    again = own_marks.get_own_marks(ada, shared, at=LATER)
    assert (again.comments, [line.values for line in again.criteria]) == before


def test_drafts_and_private_notes_are_not_shown(client_of, shared, ada):
    ScoreSheet.objects.filter(comment="Un vrai marché.").update(notes="entre nous")
    ScoreSheet.objects.filter(comment="Zut, trop court.").update(state="draft", finished_at=None)

    text = text_of(client_of(ada).get(OWN))

    assert "entre nous" not in text
    assert "Zut" not in text


def test_own_marks_need_a_team_published_results_and_sharing(
    client, client_of, shared, ada, loner, dan
):
    assert client.get(OWN).status_code == 302
    for person in (loner, dan.user):
        assert client_of(person).get(OWN).status_code == 404
    Edition.objects.update(shares_marks=False)
    assert client_of(ada).get(OWN).status_code == 404
    Edition.objects.update(shares_marks=True, results_published_at=LATER + timedelta(seconds=1))
    assert client_of(ada).get(OWN).status_code == 404


def test_each_team_reads_its_own_marks(client_of, shared, fay, cleo, pixels):
    five = text_of(client_of(fay).get(OWN))
    other = text_of(client_of(cleo).get(OWN))

    assert "Les Five" in five
    assert "Un vrai marché" not in five
    assert "Aucune fiche terminée" in other


def test_the_palmares_links_to_own_marks_for_those_who_may_read_them(
    client, client_of, shared, ada, eve
):
    address = reverse("judging:palmares")

    assert OWN in text_of(client_of(ada).get(address))
    assert OWN not in text_of(client_of(eve).get(address))
    assert OWN not in text_of(client.get(address))


# ---------------------------------------------------------------- on the projectors


def projected() -> str:
    return text_of(Client().get(reverse("stage:scene")))


def test_the_projectors_show_each_envelope_once_it_is_sealed(decided, diane, pixels, edition):
    assert 'data-scene="seal"' in projected()

    deliberation.lock(department=decided, by=diane.user, at=NIGHT)
    text = projected()

    digest = Deliberation.objects.get().digest
    assert 'data-scene="envelopes"' in text
    assert digest in text.replace("</span> <span>", "")
    assert "scellée à 0:00:00" in text
    assert "le jury délibère" in text  # Info
    assert "Com’unik" not in text
    assert "is-many" not in text
    for n in range(4):  # six of them fit in two columns
        department = Department.objects.create(edition=edition, code=f"D{n}", name=f"D{n}")
        make_team(department, f"Équipe {n}")
    assert "is-many" in projected()
