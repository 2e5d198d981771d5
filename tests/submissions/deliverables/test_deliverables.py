from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.base.live.audiences import EVERYONE
from hackathon.event.editions.errors import EditionRefusal
from hackathon.event.editions.models import Department
from hackathon.event.editions.moves import to_confirm
from hackathon.event.editions.services import editions
from submissions.deliverables import services as deliverables
from submissions.deliverables.selectors import preview_deadline
from submissions.enums import DeliverableKind
from submissions.errors import DepositRefusal
from submissions.models import Deliverable
from tests.conftest import DEADLINE, NOON
from tests.refusals import refuses
from tests.submissions.conftest import deposit, published

pytestmark = pytest.mark.time_machine(NOON, tick=False)


SENT = {
    "name": "Campagne print",
    "description": "",
    "kind": "file",
    "formats": "PDF, .zip  tar.gz",
    "max_megabytes": "1.5",
    "required": "on",
}


def names(department: Department) -> list[str]:
    return [d.name for d in Deliverable.objects.filter(department=department)]


def test_new_deliverable_is_added_at_the_end(infocom, dossier, site_link, eve):
    made = deliverables.save(infocom, name="Vidéo", kind=DeliverableKind.LINK, by=eve, at=NOON)

    assert made.position == 3
    assert names(infocom) == ["Dossier de stratégie", "Site vitrine", "Vidéo"]
    assert published() == [
        (EVERYONE, "deliverable.changed"),
    ]
    assert JournalEntry.objects.get().act == "deliverable.added"


def test_change_keeps_the_other_fields(infocom, dossier, eve):
    deliverables.save(infocom, deliverable=dossier, required=False, by=eve, at=NOON)

    dossier.refresh_from_db()
    assert (dossier.required, dossier.name, dossier.position) == (False, "Dossier de stratégie", 1)


def test_progress_follows_what_is_required(infocom, comunik, dossier, site_link, ada, eve):
    deposit(dossier, comunik, ada)
    LiveMessage.objects.all().delete()

    deliverables.save(infocom, deliverable=site_link, required=False, by=eve, at=NOON)
    deliverables.save(infocom, name="Vidéo", kind=DeliverableKind.LINK, by=eve, at=NOON)

    states = [m.data["state"] for m in LiveMessage.objects.filter(type="window.changed")]
    assert states == ["complete", "something"]


def test_move(infocom, dossier, site_link, eve):
    deliverables.move(site_link, up=True, by=eve, at=NOON)
    moved = names(infocom)
    deliverables.move(site_link, up=True, by=eve, at=NOON)

    assert moved == names(infocom) == ["Site vitrine", "Dossier de stratégie"]


def test_delete(infocom, dossier, eve):
    deliverables.delete(dossier, by=eve, at=NOON)

    assert names(infocom) == []
    assert JournalEntry.objects.get().detail == {"name": "Dossier de stratégie"}


def test_only_organizers(infocom, dossier, ada):
    acts: list[Callable[[], Any]] = [
        lambda: deliverables.save(infocom, name="A", kind=DeliverableKind.TEXT, by=ada, at=NOON),
        lambda: deliverables.move(dossier, up=True, by=ada, at=NOON),
        lambda: deliverables.delete(dossier, by=ada, at=NOON),
    ]

    for act in acts:
        with refuses(EditionRefusal.NOT_ORGANIZER):
            act()


def test_clone_has_the_same_deliverables(edition, infocom, dossier, site_link, eve):
    copy = editions.clone(
        source=edition,
        slug="ccd-2021",
        name="Crazy Charly Day 2021",
        starts_at=edition.starts_at + timedelta(days=365),
        by=eve,
        at=NOON,
    )

    copied = Deliverable.objects.filter(department__edition=copy)
    assert [(d.name, d.kind, d.formats, d.max_bytes, d.position) for d in copied] == [
        (d.name, d.kind, d.formats, d.max_bytes, d.position) for d in (dossier, site_link)
    ]
    assert {d.department.code for d in copied} == {"INFOCOM"}


# ---------------------------------------------------------------- instants of its own, the deck


def test_clone_moves_own_instants_to_its_day(edition, dossier, eve):
    start = edition.starts_at
    dossier.opens_at, dossier.due_at = start + timedelta(hours=20), start + timedelta(days=1)
    dossier.has_grace, dossier.is_deck = False, True
    dossier.save()

    clone = editions.clone(
        source=edition,
        slug="ccd-2021",
        name="Crazy Charly Day 2021",
        starts_at=start + timedelta(days=28),
        by=eve,
        at=NOON,
    )

    copied = Deliverable.objects.get(department__edition=clone)
    assert (copied.opens_at, copied.due_at, copied.has_grace, copied.is_deck) == (
        *(clone.starts_at + timedelta(hours=20), clone.starts_at + timedelta(days=1)),
        *(False, True),
    )


def test_a_deliverable_opens_before_it_is_due(infocom, eve):
    with refuses(DepositRefusal.OPENS_AFTER_DUE):
        deliverables.save(
            infocom, name="A", kind="text", opens_at=NOON, due_at=NOON, by=eve, at=NOON
        )
    with pytest.raises(IntegrityError, match="deliverable_opens_before_due"), transaction.atomic():
        Deliverable.objects.create(department=infocom, kind="text", opens_at=NOON, due_at=NOON)


def test_its_instants_stay_once_the_results_are_published(edition, infocom, dossier, eve):
    edition.deliberated_at = edition.results_published_at = NOON
    edition.save()
    infocom.refresh_from_db()
    act = {"deliverable": dossier, "by": eve, "at": NOON + timedelta(hours=1)}

    with refuses(EditionRefusal.RESULTS_PUBLISHED):
        deliverables.save(infocom, due_at=NOON, **act)

    assert deliverables.save(infocom, name="Dossier", due_at=None, **act).name == "Dossier"


def test_one_deliverable_of_a_department_is_the_deck(infocom, dossier, site_link, eve):
    deliverables.save(infocom, deliverable=dossier, is_deck=True, by=eve, at=NOON)
    deliverables.save(infocom, deliverable=dossier, is_deck=True, by=eve, at=NOON)

    with refuses(DepositRefusal.OTHER_DECK) as refused:
        deliverables.save(infocom, deliverable=site_link, is_deck=True, by=eve, at=NOON)

    assert "Dossier de stratégie" in refused.value.refusal.message
    with pytest.raises(IntegrityError), transaction.atomic():
        Deliverable.objects.filter(pk=site_link.pk).update(is_deck=True)


# ---------------------------------------------------------------- pages


def test_own_instants_by_page(client_of, eve, dossier):
    browser = client_of(eve)
    page = reverse("submissions:deliverable-edit", args=[dossier.pk])
    own = {"due_at": "2020-02-14T12:00:00", "opens_at": "2020-02-14T08:00", "is_deck": "on"}

    asked = browser.post(page, SENT | own)
    dossier.refresh_from_db()
    assert dossier.due_at is None
    confirmed = SENT | own | {"confirmed": asked.context["move"].key}
    other = browser.post(page, confirmed | {"due_at": "2020-02-13T13:01"})
    answer = browser.post(page, confirmed)

    dossier.refresh_from_db()
    assert [page.status_code for page in (asked, other, answer)] == [200, 200, 302]
    assert "Les jurys notent dès le" in asked.content.decode()
    assert "13:01" in other.content.decode()
    assert dossier.due_at == datetime(2020, 2, 14, 11, tzinfo=UTC)  # 12:00 in Paris
    assert dossier.opens_at == datetime(2020, 2, 14, 7, tzinfo=UTC)
    assert (dossier.has_grace, dossier.is_deck) == (False, True)
    assert 'value="2020-02-14T12:00:00"' in browser.get(page).content.decode()
    refused = browser.post(page, SENT | own | {"opens_at": "2020-02-15T08:00"})
    assert "L’ouverture doit être avant" in refused.content.decode().replace("\xa0", " ")


def test_a_deadline_that_is_over_is_refused_at_its_field(client_of, eve, dossier):
    browser, page = client_of(eve), reverse("submissions:deliverable-edit", args=[dossier.pk])

    answer = browser.post(page, SENT | {"due_at": "2020-02-13T12:30"})
    Deliverable.objects.update(due_at=NOON - timedelta(hours=1))
    renamed = browser.post(page, SENT | {"due_at": "2020-02-13T12:00", "name": "Autre nom"})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["due_at"])
    assert renamed.status_code == 302


def test_without_its_own_deadline_it_may_be_over_at_once(edition, comunik, eve, dossier):
    Deliverable.objects.update(due_at=DEADLINE + timedelta(hours=2))
    dossier.refresh_from_db()
    dossier.department.edition = edition
    at = DEADLINE + timedelta(minutes=5)

    move = preview_deadline(dossier.department, dossier, None, at=at)

    assert move is not None
    assert (move.is_past, move.is_forward, move.concerned.teams) == (True, True, 1)
    assert to_confirm(move, edition, "", at=at)


def test_add_by_page(client_of, eve, infocom):
    browser = client_of(eve)
    page = reverse("submissions:deliverables", args=[infocom.pk])

    empty = browser.get(page)
    answer = browser.post(reverse("submissions:deliverable-create", args=[infocom.pk]), SENT)

    made = Deliverable.objects.get()
    assert "Rien à rendre pour l’instant" in empty.content.decode()
    assert (answer.status_code, answer.url) == (302, page)
    assert (made.formats, made.max_bytes, made.required) == (
        ["pdf", "zip", "tar.gz"],
        1_500_000,
        True,
    )
    assert "Campagne print" in browser.get(page).content.decode()


def test_change_by_page(client_of, eve, dossier):
    browser = client_of(eve)
    page = reverse("submissions:deliverable-edit", args=[dossier.pk])

    shown = browser.get(page).content.decode()
    answer = browser.post(page, SENT | {"kind": "text"})

    dossier.refresh_from_db()
    assert 'value="pdf, zip"' in shown
    assert 'value="5"' in shown
    assert answer.status_code == 302
    assert (dossier.kind, dossier.formats) == ("text", [])


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("formats", "pdf, zi p!", "n’est pas une extension"),
        ("max_megabytes", "0", "plus grande que zéro"),
        ("name", "", "obligatoire"),
    ],
)
def test_mistakes_are_shown_with_what_was_typed(field, value, message, client_of, eve, infocom):
    page = reverse("submissions:deliverable-create", args=[infocom.pk])

    answer = client_of(eve).post(page, SENT | {"description": "À garder", field: value})

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert "À garder" in answer.content.decode()


def test_refusals_are_shown(client_of, eve, ada, comunik, dossier):
    deposit(dossier, comunik, ada)
    browser = client_of(eve)

    kind = browser.post(
        reverse("submissions:deliverable-edit", args=[dossier.pk]), SENT | {"kind": "link"}
    )
    delete = browser.post(reverse("submissions:deliverable-delete", args=[dossier.pk]), follow=True)

    assert kind.status_code == 422
    assert list(kind.context["form"].errors) == ["kind"]
    assert "ont déjà rendu ce livrable" in kind.content.decode()
    assert "ont déjà rendu ce livrable" in delete.content.decode()
    assert Deliverable.objects.filter(pk=dossier.pk).exists()


def test_order_and_deletion_by_page(client_of, eve, infocom, dossier, site_link):
    browser = client_of(eve)

    browser.post(reverse("submissions:deliverable-move", args=[dossier.pk]), {"direction": "down"})
    moved = names(infocom)
    browser.post(reverse("submissions:deliverable-delete", args=[dossier.pk]))

    assert moved == ["Site vitrine", "Dossier de stratégie"]
    assert names(infocom) == ["Site vitrine"]


def test_same_number_of_queries_for_one_and_three(
    client_of, eve, infocom, dossier, django_assert_max_num_queries
):
    browser = client_of(eve)
    page = reverse("submissions:deliverables", args=[infocom.pk])
    counts = []
    for rows in (1, 3):
        while infocom.deliverables.count() < rows:
            Deliverable.objects.create(department=infocom, name="Lien", kind=DeliverableKind.LINK)
        with django_assert_max_num_queries(30) as captured:
            browser.get(page)
        counts.append(len(captured))

    assert counts[0] == counts[1]
