"""What a juror writes to the team about a criterion, from tablets, forms and the API."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from hackathon.base.core.models import JournalEntry
from hackathon.extras.letters.enums import SHARED, Kind, TeamReads
from hackathon.extras.letters.errors import LetterRefusal
from hackathon.extras.letters.models import Remark, Sentences
from judging.enums import ChangeKind, SheetState
from judging.errors import JudgingRefusal
from judging.models import ScoreSheet, SheetChange
from judging.scoring.selectors import my_teams
from tests.judging.conftest import MORNING, NIGHT, live_messages, text_of
from tests.judging.scoring.test_sync import outcomes, send, sent

__all__ = ["send"]

PRAISE, ADVICE, SHARE = Kind.PRAISE, Kind.ADVICE, Kind.SHARE


@pytest.mark.database
def test_each_sentence_is_a_change_of_its_own(send, comunik, criteria):
    need, idea = criteria

    answers = send(
        sent(comunik, "  Un vrai besoin.\n", need, kind=PRAISE),
        sent(comunik, "Chiffrez le marché.", need, kind=ADVICE, base=1),
        sent(comunik, "Une idée neuve.", idea, kind=PRAISE, base=2),
        sent(comunik, SHARED, idea, kind=SHARE, base=3),
    )

    assert outcomes(answers) == ["accepted"] * 4
    written = {r.criterion.name: (r.praise, r.advice, r.is_shared) for r in Remark.objects.all()}
    assert written == {
        "Réponse au besoin": ("Un vrai besoin.", "Chiffrez le marché.", False),
        "Originalité": ("Une idée neuve.", "", True),
    }
    assert [r.letter_praise for r in Remark.objects.order_by("pk")] == [
        "Un vrai besoin.",
        "Une idée neuve.",
    ]
    assert set(SheetChange.objects.values_list("criterion__name", "kind")) == {
        ("Réponse au besoin", "praise"),
        ("Réponse au besoin", "advice"),
        ("Originalité", "praise"),
        ("Originalité", "share"),
    }


@pytest.mark.database
def test_a_sentence_that_is_sent_again_is_written_once(send, comunik, criteria):
    change = sent(comunik, "Un vrai besoin.", criteria[0], kind=PRAISE)

    first, again = send(change), send(change)

    assert outcomes(first) + outcomes(again) == ["accepted", "already"]
    assert Remark.objects.count() == SheetChange.objects.count() == 1


@pytest.mark.database
def test_two_devices_that_write_the_same_sentence_are_in_conflict(send, comunik, criteria):
    need, idea = criteria
    send(sent(comunik, "Un vrai besoin.", need, kind=PRAISE, device="a"))

    (other,) = send(sent(comunik, "Très juste.", need, kind=PRAISE, device="b"))
    fields = send(
        sent(comunik, "Chiffrez le marché.", need, kind=ADVICE, device="b"),
        sent(comunik, "Une idée neuve.", idea, kind=PRAISE, device="b"),
        sent(comunik, "12", need, device="b"),
    )

    assert other.outcome == "conflict"
    assert other.theirs is not None
    assert other.theirs.value == "Un vrai besoin."
    assert outcomes(fields) == ["accepted"] * 3
    assert Remark.objects.get(criterion=need).praise == "Un vrai besoin."


def test_a_finished_sheet_takes_sentences_and_no_marks(send, scored, dan, criteria):
    comunik, _, _ = scored
    base = ScoreSheet.objects.get(team=comunik).version

    answers = send(
        sent(comunik, "Un vrai besoin.", criteria[0], kind=PRAISE, base=base),
        sent(comunik, "12", criteria[0], base=base),
        sent(comunik, "Autre chose", kind=ChangeKind.COMMENT, base=base),
    )

    assert outcomes(answers) == ["accepted", "refused", "refused"]
    assert ScoreSheet.objects.get(team=comunik).state == SheetState.FINAL
    assert ("organizers", dan.pk) in [
        (audience, data["juror"]) for audience, data in live_messages("sheet.progressed")
    ]


def test_letters_may_be_completed_after_the_lock_until_the_publication(
    send, locked, comunik, third, criteria, edition
):
    need, idea = criteria

    after_lock = send(sent(comunik, "Un vrai besoin.", need, kind=PRAISE))
    mark = send(sent(comunik, "12", need))
    not_begun = send(sent(third, "Une idée.", need, kind=PRAISE))
    edition.results_published_at = MORNING
    edition.save()
    published = send(sent(comunik, "Trop tard.", idea, kind=PRAISE), at=MORNING)

    assert outcomes(after_lock) == ["accepted"]
    for (answer,) in (mark, not_begun, published):
        assert answer.refusal is not None
        assert answer.refusal.code == JudgingRefusal.DELIBERATION_LOCKED
    assert [remark.praise for remark in Remark.objects.all()] == ["Un vrai besoin."]


def test_what_the_president_has_edited_the_juror_does_not_change_but_may_take_back(
    send, comunik, criteria, diane
):
    send(sent(comunik, "Nul.", criteria[0], kind=ADVICE))
    Remark.objects.update(letter_advice="À revoir.", edited_at=NIGHT, edited_by=diane.user)

    (text,) = send(sent(comunik, "Vraiment nul.", criteria[0], kind=ADVICE))
    (shared,) = send(sent(comunik, "", criteria[0], kind=SHARE))

    assert text.refusal is not None
    assert text.refusal.code == LetterRefusal.EDITED
    assert shared.outcome == "accepted"
    assert Remark.objects.get().letter_advice == "À revoir."


def test_a_sentence_alone_begins_a_sheet(send, comunik, dan, criteria):
    send(sent(comunik, "Un vrai besoin.", criteria[0], kind=PRAISE))

    (line,) = (line for line in my_teams(dan, at=NIGHT).lines if line.team == comunik)
    assert line.work == "draft"
    acts = JournalEntry.objects.filter(act="sheet.begun")
    assert acts.count() == 1
    assert "besoin" not in str(acts.get().detail)


@pytest.fixture
def page(client, dan, infocom, comunik) -> tuple[Client, str]:
    client.force_login(dan.user)
    return client, reverse("judging:sheet", args=[infocom.code, comunik.pk])


def test_the_form_writes_sentences_without_scripts(page, criteria):
    client, url = page
    need, idea = criteria
    Sentences.objects.create(criterion=idea, team_reads=TeamReads.IF_JUROR_WANTS)

    with time_machine.travel(NIGHT, tick=False):
        client.post(
            url,
            {
                f"praise-{need.pk}": "Un vrai besoin.",
                f"seen-praise-{need.pk}": "",
                f"advice-{need.pk}": "",
                f"seen-advice-{need.pk}": "",
                f"share-{idea.pk}": SHARED,
                f"seen-share-{idea.pk}": "",
                "version": "0",
            },
        )
        shown = text_of(client.get(url))

    assert Remark.objects.get(criterion=need).praise == "Un vrai besoin."
    assert Remark.objects.get(criterion=idea).is_shared
    assert "Un vrai besoin.</textarea>" in shown
    assert f'value="{SHARED}" selected' in shown


def test_a_sentence_that_is_too_long_is_refused_and_kept_in_the_form(page, criteria):
    client, url = page
    text = "trop " * 150

    with time_machine.travel(NIGHT, tick=False):
        answer = client.post(url, {f"praise-{criteria[0].pk}": text})

    assert answer.status_code == 422
    shown = text_of(answer)
    assert "Raccourcissez à 600" in shown
    assert text.strip() in shown


def test_the_sheet_says_who_will_read_and_proposes_phrases(page, criteria):
    client, url = page
    need, _idea = criteria
    phrases = "Chiffrez.\n\n  Montrez un exemple. \n"
    Sentences.objects.create(criterion=need, team_reads=TeamReads.NEVER, advice_phrases=phrases)

    with time_machine.travel(NIGHT, tick=False):
        shown = text_of(client.get(url))

    assert "Pour le jury seulement : l’équipe ne les lira pas." in shown
    assert "L’équipe les lira dans la lettre du jury" in shown
    assert "data-phrase>Chiffrez.</button>" in shown
    assert "data-phrase>Montrez un exemple.</button>" in shown
    assert shown.count("data-phrase>") == 2


def test_the_juror_reads_what_the_president_made_of_a_sentence(
    page, send, comunik, criteria, diane
):
    client, url = page
    send(
        sent(comunik, "Nul.", criteria[0], kind=ADVICE),
        sent(comunik, "Moi, j’aime.", criteria[0], kind=PRAISE, base=1),
    )
    Remark.objects.update(
        letter_advice="À revoir.", letter_praise="", edited_at=NIGHT, edited_by=diane.user
    )

    with time_machine.travel(NIGHT, tick=False):
        shown = text_of(client.get(url))

    assert "L’équipe lira : « À revoir. »" in shown.replace("\xa0", " ")
    assert "La présidence ne transmettra pas cette phrase." in shown
    assert "Moi, j’aime.</textarea>" in shown
