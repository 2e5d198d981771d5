import re
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.core import mail
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core.models import JournalEntry
from judging.jury import selectors
from judging.jury.selectors import valid_badges
from judging.models import Criterion, Juror, JuryRules
from judging.setup.services import badges as services_badges
from tests.conftest import NOON
from tests.judging.conftest import NIGHT, at, text_of

# ---------------------------------------------------------------- rules


def test_the_rules_are_chosen_on_the_page(eve_client, infocom):
    sent = {"method": "median", "readings": "4", "separation": "85"}

    answer = eve_client.post(at("setup", infocom.pk), sent)

    assert answer.status_code == 302
    rules = selectors.rules_of(infocom)
    assert (rules.method, rules.readings, rules.separation) == ("median", 4, Decimal("0.85"))


def test_an_invalid_rule_is_shown_and_the_input_stays(eve_client, infocom):
    sent = {"method": "mean", "readings": "0", "separation": "40"}

    answer = eve_client.post(at("setup", infocom.pk), sent)

    assert answer.status_code == 422
    assert 'value="0"' in text_of(answer)
    assert not JuryRules.objects.exists()


def test_once_there_are_marks_only_the_readings_change(eve_client, infocom, dan, comunik, fill):
    fill(dan, comunik, 12, 12)
    sent = {"method": "median", "readings": "5", "separation": "90"}

    answer = eve_client.post(at("setup", infocom.pk), sent)

    assert answer.status_code == 302
    rules = selectors.rules_of(infocom)
    assert (rules.method, rules.readings, rules.separation) == ("harmonised", 5, Decimal("0.80"))


# ---------------------------------------------------------------- criteria


def test_criteria_are_reordered(eve_client, infocom, criteria):
    need, idea = criteria

    eve_client.post(at("criterion-move", infocom.pk, idea.pk), {"direction": "up"})
    assert selectors.criteria_of(infocom) == [idea, need]
    eve_client.post(at("criterion-move", infocom.pk, idea.pk), {"direction": "up"})
    assert selectors.criteria_of(infocom) == [idea, need]
    eve_client.post(at("criterion-move", infocom.pk, idea.pk), {"direction": "down"})
    assert selectors.criteria_of(infocom) == [need, idea]


def test_criteria_do_not_change_once_there_are_marks(
    eve_client, infocom, dan, comunik, criteria, fill
):
    fill(dan, comunik, 12, 12)

    answer = eve_client.post(
        at("criterion-move", infocom.pk, criteria[1].pk), {"direction": "up"}, follow=True
    )

    assert "La notation a commencé" in text_of(answer)
    assert selectors.criteria_of(infocom) == criteria


def test_the_president_changes_a_criterion_with_a_reason(
    diane_client, dan, comunik, criteria, fill
):
    fill(dan, comunik, 9, 12)
    need = criteria[0]
    sent = {"name": need.name, "weight": "4", "scale": "10", "guidance": ""}

    refused = diane_client.post(at("amend-criterion", "INFOCOM", need.pk), sent)
    done = diane_client.post(
        at("amend-criterion", "INFOCOM", need.pk), {**sent, "reason": "Erreur de saisie"}
    )
    page = text_of(diane_client.get(at("amend-criteria", "INFOCOM")))

    assert (refused.status_code, done.status_code) == (422, 302)
    need.refresh_from_db()
    assert (need.weight, need.scale) == (4, 10)
    assert "Erreur de saisie" in page
    assert "coefficient : 3 → 4" in page
    diane_client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "weight: 3 → 4" in text_of(diane_client.get(at("amend-criteria", "INFOCOM")))


def test_the_presidents_pages_lead_to_each_other(diane_client, client_of, dan, criteria):
    names = ("deliberation", "progress-report", "amend-criteria")
    pages = [at(name, "INFOCOM") for name in names]

    htmls = [diane_client.get(page).content.decode() for page in pages]

    tabs = [re.search(r'<nav class="tabs".*?</nav>', html, re.DOTALL) for html in htmls]
    for here, found in zip(pages, tabs, strict=True):
        assert found is not None
        assert [url for url in re.findall(r'href="([^"]+)"', found[0]) if url in pages] == pages
        assert f'href="{here}" aria-current="page"' in found[0]
    other = client_of(dan.user).get(at("progress-report", "INFOCOM"))
    assert b'class="tabs"' not in other.content


def test_a_student_who_becomes_juror_is_refused_at_the_address(eve_client, infocom, comunik):
    sent = {"email": "ada@example.org", "name": "Ada", "kind": "teacher"}

    answer = eve_client.post(at("juror-create", infocom.pk), sent)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["email"]
    assert "Ada est membre d’une équipe" in text_of(answer)


def test_a_scale_below_a_mark_is_refused_without_showing_the_mark(
    diane_client, dan, comunik, criteria, fill
):
    fill(dan, comunik, 17.5, 12)
    sent = {"name": "Besoin", "weight": "3", "scale": "10", "guidance": "", "reason": "Oubli"}

    answer = diane_client.post(at("amend-criterion", "INFOCOM", criteria[0].pk), sent)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["scale"]
    assert "dépassent 10" in text_of(answer)
    assert "17,5" not in text_of(answer)
    assert Criterion.objects.get(pk=criteria[0].pk).scale == 20


# ---------------------------------------------------------------- jurors


def test_jurors_who_never_came_are_invited_once(
    eve_client, infocom, dan, diane, django_capture_on_commit_callbacks
):
    # Both have an account of last year. Only Diane has signed in since her seat was given.
    Juror.objects.update(seated_at=NOON)
    User.objects.filter(pk=dan.user_id).update(last_login=NOON - timedelta(days=365))
    User.objects.filter(pk=diane.user_id).update(last_login=NIGHT)
    assert "Inviter par e-mail le juré" in text_of(eve_client.get(at("setup", infocom.pk)))

    with django_capture_on_commit_callbacks(execute=True):
        answer = eve_client.post(at("jurors-invite", infocom.pk), follow=True)
        again = eve_client.post(at("jurors-invite", infocom.pk), follow=True)

    assert "1 juré reçoit un e-mail." in text_of(answer)
    assert "Personne à inviter." in text_of(again)
    assert [message.to for message in mail.outbox] == [["dan@example.org"]]
    assert JournalEntry.objects.filter(act="jurors.invited").count() == 1


def test_a_juror_leaves_and_comes_back(eve_client, infocom, dan, comunik, fill, dan_client):
    fill(dan, comunik, 12, 12)

    page = text_of(eve_client.get(at("juror", infocom.pk, dan.pk)))
    eve_client.post(at("juror-leave", infocom.pk, dan.pk))
    gone = text_of(eve_client.get(at("setup", infocom.pk)))
    own = dan_client.get(at("index"))
    eve_client.post(at("juror-return", infocom.pk, dan.pk))

    assert "1 fiche terminée : elle compte." in page
    assert "parti à" in gone
    assert own.status_code == 404
    assert dan_client.get(at("index")).status_code == 200


# ---------------------------------------------------------------- the admin


def test_the_admin_shows_no_badge_or_pin(client_of, infocom, eve, dan):
    services_badges.issue(juror=dan, by=eve, at=NIGHT)
    eve.is_staff = eve.is_superuser = True
    eve.save()

    page = client_of(eve).get(reverse("admin:judging_juror_change", args=[dan.pk]))

    assert page.status_code == 200
    assert valid_badges(dan).get().digest not in text_of(page)
