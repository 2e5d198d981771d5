import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse

from hackathon.accounts import services as accounts
from hackathon.accounts.models import User
from hackathon.core.models import JournalEntry
from hackathon.editions.models import Department, Edition
from hackathon.editions.rules import grace_ends_at
from hackathon.page_client import markup
from hackathon.printing import selectors, sheets
from judging.models import Award, Deliberation
from submissions.extensions import services as extensions
from teams.models import Membership, Team
from teams.services import organizing
from tests.conftest import DEADLINE, NOON, make_team
from tests.printing.letters import cut_letters

ClientOf = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def locked(comunik: Team, pixels: Team, diane_user: User) -> Team:
    """Com’unik has the second prize and a special one; the decision is locked, not published."""
    deliberation = Deliberation.objects.create(
        department=comunik.department, locked_at=NOON, locked_by=diane_user
    )
    Award.objects.create(deliberation=deliberation, team=comunik, rank=2)
    Award.objects.create(deliberation=deliberation, team=comunik, title="Coup de cœur")
    return comunik


def pages(answer: Any) -> list[str]:
    document = pypdfium2.PdfDocument(BytesIO(b"".join(answer.streaming_content)))
    return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]


def printed(browser: Client, edition: Edition, name: str, query: str = "") -> list[str]:
    answer = browser.get(reverse("printing:sheet", args=[edition.slug, name]) + query)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    return pages(answer)


def publish(edition: Edition) -> None:
    Edition.objects.update(results_published_at=NOON)
    edition.refresh_from_db()


def test_badges_doors_and_floors(
    edition: Edition,
    infocom: Department,
    comunik: Team,
    pixels: Team,
    eve: User,
    loner: User,
    client_of: ClientOf,
) -> None:
    make_team(infocom, "Les <b>*Étoiles*</b> #1", loner, room="214", floor=-1)
    browser = client_of(eve)

    (badges,) = printed(browser, edition, "badges")
    first, second = printed(browser, edition, "portes")
    floors = printed(browser, edition, "etages")
    (of_info,) = printed(browser, edition, "badges", "?department=INFO")

    for text in ("Ada", "Ben", "Cleo", "Sacha", "salle 214 · 2e étage", "Niveau −1", "*Étoiles*"):
        assert text in badges
    assert "Com’unik" in first
    assert "Étoiles" in first
    assert "Pixels" not in first
    assert "311" in second
    assert ["Niveau −1" in floors[0], "2e étage" in floors[1], "3e étage" in floors[2]] == [
        True
    ] * 3
    assert floors[1].count("Signature") == 2
    assert "Cleo" in of_info
    assert "Ada" not in of_info


def test_accents_and_tall_letters_are_printed_whole(
    edition: Edition, infocom: Department, loner: User
) -> None:
    name = "Équipe Ôbélix"
    team = make_team(infocom, name, loner, room="É214", floor=1)

    for pdf in (sheets.doors(edition, [team]), sheets.badges(edition, [team])):
        assert cut_letters(pdf, name) == []


def test_the_list_of_teams_is_printed_with_the_filters_of_its_page(
    edition: Edition, comunik: Team, pixels: Team, eve: User, client_of: ClientOf
) -> None:
    browser = client_of(eve)

    (whole,) = printed(browser, edition, "equipes")
    (found,) = printed(browser, edition, "equipes", "?q=214&order=size")

    page = browser.get(reverse("teams:list", args=[edition.slug]) + "?q=214").content.decode()
    assert "/imprimer/equipes.pdf?q=214" in page
    for text in ("Com’unik", "INFOCOM", "214 · 2e", "Ada (capitaine), Ben", "Pixels"):
        assert text in whole
    assert "Com’unik" in found
    assert "Pixels" not in found


def test_the_squares_lead_to_the_team_and_to_the_projector(
    edition: Edition,
    comunik: Team,
    eve: User,
    ada: User,
    cleo: User,
    dan: Any,
    pixels: Team,
    client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(sheets.qr, "svg", lambda text, border: drawn.append(text) or "<svg/>")
    monkeypatch.setattr(sheets, "typeset", lambda *_, **__: b"")
    sheets.badges(edition, [comunik])
    sheets.doors(edition, [comunik])

    where = reverse("printing:where", args=[comunik.pk])
    assert drawn == [settings.SITE_URL + where] * 2 + [settings.SITE_URL + "/ecran/"]
    assert client_of(eve).get(where)["Location"] == reverse("control_room:team", args=[comunik.pk])
    assert client_of(ada).get(where)["Location"] == reverse("teams:mine")
    assert "214" in client_of(dan.user).get(where).content.decode()
    assert client_of(cleo).get(where).status_code == 404
    assert reverse("account_login") in Client().get(where)["Location"]


def test_nothing_to_print(edition: Edition, eve: User, client_of: ClientOf) -> None:
    browser = client_of(eve)

    answer = browser.get(reverse("printing:sheet", args=[edition.slug, "portes"]), follow=True)

    assert "Il n’y a rien à imprimer pour l’instant." in answer.content.decode()
    unknown = browser.get(reverse("printing:sheet", args=[edition.slug, "secrets"]))
    assert unknown.status_code == 404


def test_a_certificate_of_participation_is_genuine_by_its_code(
    edition: Edition, comunik: Team, ada: User, eve: User, client_of: ClientOf
) -> None:
    first, _second = printed(client_of(eve), edition, "attestations")
    found = selectors.certificates(edition, None, at=NOON)[0]
    assert found.membership.user == ada
    code = found.code
    typed = found.spoken_code.lower().replace("-", " ")

    search = Client().get(reverse("printing:certificates"), {"code": typed}, follow=True)
    page = search.content.decode()

    assert "Ada" in first
    assert found.spoken_code in first
    assert search.status_code == 200
    assert "Cette attestation est authentique." in page
    assert "Com’unik" in page
    assert ada.email not in page
    assert "noindex" in page
    with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert selectors.find_certificate(code, at=NOON) is not None
    with override_settings(SECRET_KEY="new"):
        assert selectors.find_certificate(code, at=NOON) is None
    before = edition.starts_at - timedelta(seconds=1)
    assert selectors.find_certificate(code, at=before) is None
    assert selectors.certificates(edition, None, at=before) == []


def test_an_absent_team_has_no_certificate(
    edition: Edition, comunik: Team, pixels: Team, eve: User
) -> None:
    absent, *_ = selectors.certificates(edition, comunik.department, at=NOON)
    Team.objects.filter(pk=comunik.pk).update(absent_at=NOON, absent_by=eve)

    found = selectors.certificates(edition, None, at=NOON)

    assert [one.membership.team for one in found] == [pixels]
    assert selectors.find_certificate(absent.code, at=NOON) is None
    assert selectors.find_certificate(found[0].code, at=NOON) is not None


def test_a_changed_code_or_name_is_not_genuine(
    edition: Edition, comunik: Team, ada: User, ben: User
) -> None:
    of_ada, of_ben = selectors.certificates(edition, None, at=NOON)
    other = f"P{of_ben.membership.pk}{of_ada.code[-10:]}"
    User.objects.filter(pk=ben.pk).update(name="Benoît")

    for code in (other, of_ben.code, "P", "P1", "L" + of_ada.code[1:], of_ada.code[:-1] + "2"):
        if code != of_ada.code:
            answer = Client().get(reverse("printing:certificate", args=[code]))
            assert (answer.status_code, code) == (404, code)
            assert "Aucune attestation" in answer.content.decode()


@pytest.fixture
def is_over(edition: Edition, locked: Team, ada: User) -> Iterator[Client]:
    """The results are published. Ada’s browser."""
    publish(edition)
    browser = Client()
    browser.force_login(ada)
    with time_machine.travel(grace_ends_at(edition) + timedelta(seconds=1), tick=False):
        yield browser


def own(browser: Client) -> list[str]:
    return pages(browser.get(reverse("printing:own-certificate")))


def code_on(page: str) -> str:
    found = re.search(r"\b[PL]\d+-[A-Z0-9]{5}-[A-Z0-9]{5}\b", page)
    assert found is not None
    return found[0].replace("-", "")


def test_who_renames_the_account_gets_no_certificate_in_another_name(
    is_over: Client, ada: User, comunik: Team
) -> None:
    before = own(is_over)
    for name in ("Ami Jamais Venu", "Autre Ami"):
        is_over.post(reverse("accounts:name"), {"name": name})

        renamed = own(is_over)

        assert all("Ada" in page and name not in page for page in renamed)
        assert [code_on(page) for page in renamed] == [code_on(page) for page in before]
        for page in renamed:
            address = reverse("printing:certificate", args=[code_on(page)])
            forged = Client().post(address, {"name": name}).content.decode()
            assert "<bdi>Ada</bdi>" in forged
            assert name not in forged
    ada.refresh_from_db()
    assert ada.name == "Autre Ami"


def test_before_the_launch_the_certificate_has_the_new_name(
    edition: Edition, comunik: Team, ada: User
) -> None:
    before = edition.starts_at - timedelta(seconds=1)
    accounts.rename(ada, "Ada Lovelace", by=ada, at=before)
    accounts.rename(ada, "Autre", by=ada, at=edition.starts_at)

    found = selectors.certificates(edition, comunik.department, at=NOON)

    assert [one.name for one in found] == ["Ada Lovelace", "Ben"]


def test_the_first_name_of_a_nameless_account_counts(
    edition: Edition, comunik: Team, ada: User
) -> None:
    User.objects.filter(pk=ada.pk).update(name="")
    for name in ("Ada Lovelace", "Autre"):
        accounts.rename(ada, name, by=ada, at=NOON)

    assert selectors.certificates(edition, None, at=NOON)[0].name == "Ada Lovelace"


def test_who_joins_later_has_the_name_of_then(
    edition: Edition, comunik: Team, loner: User, eve: User
) -> None:
    accounts.rename(loner, "Léo", by=loner, at=NOON)
    organizing.add_people(comunik, [loner.email], by=eve, at=NOON)
    accounts.rename(loner, "Autre", by=loner, at=NOON)

    names = [one.name for one in selectors.certificates(edition, comunik.department, at=NOON)]

    assert "Léo" in names
    assert "Autre" not in names


def test_organizers_correct_the_name_and_the_former_paper_stays_genuine(
    is_over: Client, comunik: Team, ada: User, eve: User, client_of: ClientOf
) -> None:
    former = code_on(own(is_over)[0])
    member = comunik.memberships.get(user=ada)
    address = reverse("teams:certificate-name", args=[comunik.pk])

    answer = client_of(eve).post(address, {"member": member.pk, "name": " Ada  Lovelace "})

    assert answer.status_code == 302
    ada.refresh_from_db()
    assert ada.name == "Ada"
    corrected = own(is_over)[0]
    assert "Ada Lovelace" in corrected
    for code, name in ((code_on(corrected), ""), (former, "Ada")):
        checked = Client().post(reverse("printing:certificate", args=[code]), {"name": name})
        assert "Cette attestation est authentique." in checked.content.decode()
    entry = JournalEntry.objects.get(act="certificate.named")
    assert (entry.by, "Lovelace" in str(entry.detail)) == (eve, False)


def test_no_prize_certificate_before_the_publication(
    edition: Edition,
    locked: Team,
    eve: User,
    root: User,
    client_of: ClientOf,
    django_assert_num_queries: Any,
) -> None:
    """Not even a genuine code of a winner tells anything, and it costs the same queries."""
    Edition.objects.filter(pk=edition.pk).update(results_published_at=NOON)
    edition.refresh_from_db()
    code = selectors.prize_certificates(edition, None, at=NOON)[0].code
    Edition.objects.filter(pk=edition.pk).update(results_published_at=None)
    taking_part = Membership.objects.get(team__name="Les Pixels")
    url = reverse("printing:sheet", args=[edition.slug, "laureats"])

    for user in (eve, root):
        assert client_of(user).get(url).status_code == 404
    page = client_of(eve).get(reverse("printing:index", args=[edition.slug])).content.decode()
    for one in (code, f"L{taking_part.pk}{code[-10:]}"):
        with django_assert_num_queries(1):
            assert selectors.find_certificate(one, at=DEADLINE) is None

    assert "laureats" not in page
    for text in printed(client_of(eve), edition, "attestations"):
        assert "prix" not in text
        assert "cœur" not in text


def test_prize_certificates_after_the_publication(
    edition: Edition, locked: Team, eve: User, client_of: ClientOf
) -> None:
    publish(edition)
    cache.clear()

    texts = printed(client_of(eve), edition, "laureats")
    found = selectors.prize_certificates(edition, None, at=NOON)
    page = Client().get(reverse("printing:certificate", args=[found[0].code])).content.decode()

    assert [one.membership.user.name for one in found] == ["Ada", "Ben"]
    assert len(texts) == 2
    assert "2e prix" in texts[0]
    assert "Coup de cœur" in texts[0]
    assert "2e prix, prix spécial" in page
    assert selectors.prize_certificates(edition, Department(pk=0), at=NOON) == []


def test_a_prize_that_two_teams_share_says_so_and_its_code_stays(
    edition: Edition, locked: Team, pixels: Team, eve: User, client_of: ClientOf
) -> None:
    publish(edition)
    alone = selectors.prize_certificates(edition, None, at=NOON)[0].code
    Award.objects.create(deliberation=Deliberation.objects.get(), team=pixels, rank=2)
    cache.clear()

    texts = printed(client_of(eve), edition, "laureats")
    page = Client().get(reverse("printing:certificate", args=[alone])).content.decode()

    assert all("2e prix ex æquo" in text for text in texts)
    assert "2e prix ex æquo" in page


def test_a_student_has_the_certificate_that_an_organizer_prints_once_the_day_is_over(
    edition: Edition, locked: Team, ada: User, loner: User, eve: User, client_of: ClientOf
) -> None:
    """With the prize once the results are published; nothing says before that there is one."""
    url, team_page = reverse("printing:own-certificate"), reverse("teams:mine")
    student, stranger = client_of(ada), client_of(loner)
    over = grace_ends_at(edition)

    with time_machine.travel(over, tick=False):
        before = student.get(url)
        page_before = student.get(team_page).content.decode()
    with time_machine.travel(over + timedelta(seconds=1), tick=False):
        page = student.get(team_page).content.decode()
        own = pages(student.get(url))
        of_organizer = printed(client_of(eve), edition, "attestations", "?department=INFOCOM")
        strangers = [stranger.get(url), Client().get(url)]
        publish(edition)
        cache.clear()
        with_prize = pages(student.get(url))
        prizes = printed(client_of(eve), edition, "laureats", "?department=INFOCOM")
        published_page = student.get(team_page).content.decode()
        Team.objects.update(absent_at=NOON, absent_by=eve)
        cache.clear()
        absent = student.get(url)
        page_of_absent = student.get(team_page).content.decode()

    assert [answer.status_code for answer in (before, *strangers, absent)] == [404] * 4
    assert url not in own_part(page_before)
    assert own == [text for text in of_organizer if "Ada" in text]
    assert with_prize == own + [text for text in prizes if "Ada" in text]
    assert "2e prix" in with_prize[1]
    assert own_part(page) == own_part(published_page)  # it says nothing of a prize
    assert url in own_part(page)
    assert url not in page_of_absent


def test_an_extension_moves_the_own_certificate_of_its_team(
    edition: Edition, comunik: Team, ada: User, eve: User, client_of: ClientOf
) -> None:
    extensions.grant(edition, team=comunik, minutes=30, reason="Panne", by=eve, at=NOON)
    url, over = reverse("printing:own-certificate"), grace_ends_at(edition)

    with time_machine.travel(over + timedelta(minutes=30), tick=False):
        before = client_of(ada).get(url)
    with time_machine.travel(over + timedelta(minutes=30, seconds=1), tick=False):
        after = client_of(ada).get(url)

    assert (before.status_code, after.status_code) == (404, 200)


def own_part(page: str) -> str:
    """Without its later states."""
    return markup.part(page, "own-certificate").partition("<template")[0]


def test_squares_that_only_this_computer_can_open_are_named_before_printing(
    edition: Edition, comunik: Team, eve: User, client_of: ClientOf, settings: Any
) -> None:
    def page() -> str:
        return client_of(eve).get(reverse("printing:index", args=[edition.slug])).content.decode()

    settings.SITE_URL = "http://localhost:8000"
    here = page()
    settings.SITE_URL = "https://ccd.example.org"

    assert "mènent à http://localhost:8000" in here
    assert "mènent à" not in page()


def test_sheets_have_the_same_number_of_queries_for_one_team_and_three(
    edition: Edition,
    infocom: Department,
    comunik: Team,
    loner: User,
    gil: User,
    eve: User,
    client_of: ClientOf,
    django_assert_max_num_queries: Any,
) -> None:
    browser, counts = client_of(eve), []
    for _ in range(2):
        with django_assert_max_num_queries(20) as captured:
            selectors.certificates(edition, None, at=NOON)
            sheets.floors(edition, selectors.teams_to_print(edition, None))
            browser.get(reverse("printing:index", args=[edition.slug]))
        counts.append(len(captured))
        if len(counts) == 1:
            make_team(infocom, "Un", loner, room="1", floor=1)
            make_team(infocom, "Deux", gil, room="2", floor=1)

    assert counts[0] == counts[1]


HOSTILE = [
    '#panic() #read("/etc/passwd")',
    'a") ] } #sys.inputs [ { ("',
    "$x$ \\u{0} \\ // /* *b* _i_ `c` = t",
    "fdp\u202eexe\u2066\u200f فريق النجوم 夜校",
    "M" * 120,
]


@pytest.mark.parametrize("typed", HOSTILE, ids=lambda typed: ascii(typed[:12]))
@pytest.mark.parametrize("name", [*sheets.SHEETS, "equipes", "attestations"])
def test_names_are_shown_and_never_interpreted(
    edition: Edition,
    comunik: Team,
    ada: User,
    eve: User,
    client_of: ClientOf,
    typed: str,
    name: str,
) -> None:
    User.objects.filter(pk=ada.pk).update(name=typed)
    Team.objects.update(name=typed[:60], room=typed[:20])
    Department.objects.update(name=typed[:60])

    text = "\n".join(printed(client_of(eve), edition, name))

    plain = [word for word in typed[:20].split() if word.isascii() and len(word) < 12]
    assert all(word in text for word in plain)
    assert "root:" not in text  # of /etc/passwd
    assert not set("\u202e\u2066\u200f") & set(text)
