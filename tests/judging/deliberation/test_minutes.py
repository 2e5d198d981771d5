import csv
import io
import json
import re
from io import BytesIO

import pypdfium2
import pytest
from django.core.management import call_command
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Department, Edition
from judging.deliberation.services import decision as deliberation
from judging.enums import Method
from judging.models import Award, Deliberation, Juror, JuryRules
from judging.ranking.selectors import ranking_of
from submissions.enums import DeliverableKind
from submissions.models import Deliverable
from tests.conftest import DEADLINE
from tests.judging.conftest import NIGHT
from tests.submissions.claims import announce
from tests.submissions.conftest import SECOND, deposit

pytestmark = pytest.mark.time_machine(NIGHT, tick=False)


def body(answer: object) -> str:
    pdf = b"".join(answer.streaming_content)
    pages = pypdfium2.PdfDocument(BytesIO(pdf))
    text = " ".join(page.get_textpage().get_text_range() for page in pages)
    return " ".join(text.split()).replace("\xa0", " ").replace("\u202f", " ")


def resave(department: Department, diane: Juror) -> None:
    places = {
        award.team_id: 1 for award in Award.objects.filter(deliberation__department=department)
    }
    deliberation.decide(
        department=department,
        nominees=list(places),
        places=places,
        reason="Deux travaux que le jury tient pour égaux.",
        by=diane.user,
        at=NIGHT,
    )


def test_the_minutes_contain_decision_ranking_and_signatures(client_of, locked, diane):
    answer = client_of(diane.user).get(reverse("judging:minutes", args=["INFOCOM"]))

    text = body(answer)
    for expected in [
        "Procès-verbal de délibération",
        "Information et Communication",
        "1ʳᵉ place ex æquo Com’unik, Les Five",
        "Moyenne harmonisée",
        "Réponse au besoin / 20, coef. 3",
        "16,00",
        "Diane signé le 14 février 2020 à",
        "Dan n’a pas signé",
    ]:
        assert expected in text, expected
    assert Deliberation.objects.get().digest[:30] in text.replace(" ", "")


HEADS = {
    Method.HARMONISED: "Rang Équipe Note corrigée Marge à 95 % Moyenne Correction Fiches",
    Method.MEDIAN: "Rang Équipe Médiane Marge à 95 % Moyenne Fiches",
    Method.MEAN: "Rang Équipe Moyenne Marge à 95 % Fiches",
}


@pytest.mark.parametrize("method", HEADS)
def test_the_minutes_name_the_columns_of_the_method(client_of, decided, diane, method):
    JuryRules.objects.update_or_create(department=decided, defaults={"method": method})
    resave(decided, diane)
    deliberation.lock(department=decided, by=diane.user, at=NIGHT)

    text = body(client_of(diane.user).get(reverse("judging:minutes", args=["INFOCOM"])))

    assert HEADS[method] in text
    assert ("Correction" in text) == (method == Method.HARMONISED)
    assert "dans 95 cas sur 100" in text


def test_the_minutes_rank_as_the_screen_does(client_of, two_tables, diane):
    text = body(client_of(diane.user).get(reverse("judging:minutes", args=["INFOCOM"])))

    for tied, note in (("Bocal à idées", "16,50"), ("Les Five", "16,25"), ("Com’unik", "16,00")):
        assert f"1er–3e {tied} (provisoire, lue 2 fois sur 3) {note} ±" in text
    # No other team in its table: no margin.
    assert "1er À part (provisoire, lue 1 fois sur 3) 12,00 – 12,00 1" in text
    assert "Les notes ne suffisent pas à départager les équipes." in text
    assert "les notes et les rangs ne se comparent pas" in text
    assert [text.count(f"Tableau {n} : des équipes lues par les mêmes jurés") for n in (1, 2)] == [
        1,
        1,
    ]


def test_organizers_read_minutes_after_publication_without_names(
    client_of, decided, diane, dan, eve, ada
):
    address = reverse("judging:minutes", args=["INFOCOM"])
    marks = reverse("judging:marks", args=["INFOCOM"])
    people = {"diane": diane.user, "dan": dan.user, "eve": eve, "ada": ada}

    def seen() -> dict[str, tuple[int, int]]:
        return {
            name: (
                client_of(person).get(address).status_code,
                client_of(person).get(marks).status_code,
            )
            for name, person in people.items()
        }

    before = seen()
    deliberation.lock(department=decided, by=diane.user, at=NIGHT)
    after_lock = seen()
    Edition.objects.update(results_published_at=NIGHT)
    published = seen()

    assert before == {**dict.fromkeys(people, (404, 404)), "diane": (404, 200)}
    assert after_lock == {
        "diane": (200, 200),
        "dan": (404, 404),
        "eve": (404, 404),
        "ada": (404, 404),
    }
    assert published == {**after_lock, "dan": (200, 404), "eve": (200, 200)}
    table = client_of(eve).get(marks).content.decode()
    assert "Dan" not in table
    assert re.search("Juré [12]", table)
    rows = [row[:2] for row in csv.reader(io.StringIO(table), delimiter=";")][1:]
    rows = [row for row in rows if row[0] != "#"]
    assert [(team, juror) for juror, team in rows] == sorted((team, juror) for juror, team in rows)
    decision = Deliberation.objects.get()
    decision.record["recusals"] = [[dan.pk, decision.record["teams"][0]["id"]]]
    decision.save()
    minutes = body(client_of(eve).get(address))
    assert "Juré" in minutes
    assert re.search(r"Dan \(\w", minutes)


def test_organizers_read_minutes_and_marks_of_an_edition_that_is_not_shown(
    client_of, decided, diane, dan, eve, ada
):
    page = reverse("judging:publish", args=["ccd-2020"])
    addresses = {
        reverse("judging:department-minutes", args=[decided.pk]),
        reverse("judging:department-marks", args=[decided.pk]),
    }
    deliberation.lock(department=decided, by=diane.user, at=NIGHT)
    Edition.objects.update(is_current=False)

    def seen(person: User) -> set[int]:
        return {client_of(person).get(address).status_code for address in addresses}

    secret = seen(eve)
    unlinked = client_of(eve).get(page, {"export": "csv"}).content.decode()
    Edition.objects.update(results_published_at=NIGHT)
    linked = client_of(eve).get(page).content.decode()
    winners = client_of(eve).get(page, {"export": "csv"}).content.decode("utf-8-sig")

    assert secret == {404}
    assert not any(address in unlinked for address in addresses)
    assert all(address in linked for address in addresses)
    assert all(text in linked for text in ("Com’unik", "1<sup>er</sup>"))
    assert "Com’unik" not in unlinked
    assert winners.replace('"', "").splitlines() == [
        "Département;Rang;Prix spécial;Équipe;Projet",
        "Information et Communication;1;;Com’unik;",
        "Information et Communication;1;;Les Five;",
    ]
    assert seen(eve) == {200}
    assert seen(ada) == seen(dan.user) == {404}
    viewed = JournalEntry.objects.filter(act__in=["minutes.viewed", "marks.exported"], by=eve)
    assert set(viewed.values_list("act", "edition_pk")) == {
        ("minutes.viewed", decided.edition_id),
        ("marks.exported", decided.edition_id),
    }
    table = client_of(eve).get(reverse("judging:department-marks", args=[decided.pk]))
    assert "Dan" not in table.content.decode()


@pytest.mark.parametrize("scale", [5, 10, 20])
def test_the_exported_marks_give_the_published_ranking(
    client_of, criteria, fill, dan, diane, comunik, five, infocom, tmp_path, scale
):
    type(criteria[0]).objects.filter(pk=criteria[0].pk).update(scale=scale)
    criteria[0].scale = scale
    for juror, team, marks in [
        (dan, comunik, (scale * 0.8, 13.5)),
        (dan, five, (scale * 0.7, 12)),
        (diane, five, (scale * 0.6, 18)),
    ]:
        fill(juror, team, *marks)
    both = {comunik.pk: 1, five.pk: 1}
    deliberation.decide(department=infocom, nominees=both, places=both, by=diane.user, at=NIGHT)
    Deliberation.objects.update(order_confirmed=True, reason="x")
    browser, address = client_of(diane.user), reverse("judging:marks", args=["INFOCOM"])
    before = browser.get(address).content
    deliberation.lock(department=infocom, by=diane.user, at=NIGHT)

    answer = browser.get(address)
    path = tmp_path / "notes.csv"
    path.write_bytes(answer.content)
    out = io.StringIO()
    call_command("rank", str(path), "--json", stdout=out)

    assert next(csv.reader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";")) == [
        "juror",
        "team",
        "criterion",
        "value",
        "weight",
        "scale",
    ]
    assert before == answer.content
    found = json.loads(out.getvalue())["standings"]
    expected = [(s.team.name, s.rank, s.estimate) for s in ranking_of(infocom).standings]
    assert [(s["team"], s["rank"]) for s in found] == [(n, r) for n, r, _e in expected]
    assert [s["estimate"] for s in found] == pytest.approx([e for *_, e in expected])


def test_the_minutes_name_absent_only_who_was(client_of, decided, diane, dan):
    deliberation.lock(department=decided, absent=[dan.pk], by=diane.user, at=NIGHT)
    browser, address = client_of(diane.user), reverse("judging:minutes", args=["INFOCOM"])

    text = body(browser.get(address))
    found = Deliberation.objects.get()
    del found.record["unsigned"]  # as before it was asked: all who did not sign were in `absent`
    found.save()
    older = body(browser.get(address))

    assert "Dan absent" in text
    assert "Dan n’a pas signé" in older
    assert "absent" not in older


def test_the_minutes_name_what_counts_before_it_came(
    client_of, locked, diane, comunik, ada, monkeypatch
):
    name = "Dossier"
    dossier = Deliverable.objects.create(department=locked, name=name, kind=DeliverableKind.FILE)
    before = body(client_of(diane.user).get(reverse("judging:minutes", args=["INFOCOM"])))
    announce(monkeypatch, comunik, dossier, at=DEADLINE - SECOND)
    deposit(dossier, comunik, ada, at=DEADLINE + SECOND)
    after = body(client_of(diane.user).get(reverse("judging:minutes", args=["INFOCOM"])))

    assert "avant leur réception" not in before
    assert "Com’unik, Dossier : à 22:59:59" in after
