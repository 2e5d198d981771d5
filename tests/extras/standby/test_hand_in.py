from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hackathon.base.core.errors import refuse
from hackathon.extras.standby import copies
from hackathon.extras.standby.errors import NotOnBoth, StandbyRefusal
from hackathon.extras.standby.models import Standby
from submissions.deposits import services as deposits
from submissions.models import Receipt, Submission, deposits_storage
from tests.conftest import NOON
from tests.extras.standby.conftest import connected
from tests.submissions.conftest import PDF, deposit, file_at

pytestmark = pytest.mark.django_db


class Second:
    """The second server, without a process."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.is_away = False
        self.waits = 0

    def copy(self, path: Path, name: str = "") -> None:
        if self.is_away:
            raise NotOnBoth(refuse(StandbyRefusal.NOT_ON_BOTH))
        self.files[name] = path.read_bytes()

    def let_commit_wait(self) -> None:
        self.waits += 1


@pytest.fixture
def second(two_servers: Any, monkeypatch: pytest.MonkeyPatch) -> Second:
    second = Second()
    monkeypatch.setattr(copies, "copy", second.copy)
    monkeypatch.setattr(copies, "let_commit_wait", second.let_commit_wait)
    Standby.objects.create(pk=1, server="salle", epoch=1, strict=True)
    return second


def stored() -> tuple[int, int, int]:
    files = [each for each in Path(deposits_storage().location).rglob("*") if each.is_file()]
    return Submission.objects.count(), Receipt.objects.count(), len(files)


def test_a_deposit_is_on_both_before_it_is_acknowledged(second, dossier, comunik, ada):
    submission = deposit(dossier, comunik, ada)

    assert second.files == {f"deposits/{submission.file.name}": PDF}
    assert second.waits == 1


def test_a_link_waits_too(second, site_link, comunik, ada):
    deposits.deposit(site_link, comunik, url="https://a.org", begun_at=NOON, by=ada, at=NOON)

    assert (second.files, second.waits) == ({}, 1)


def test_without_strict_nothing_waits(second, dossier, comunik, ada):
    Standby.objects.update(strict=False)

    deposit(dossier, comunik, ada)

    assert (second.files, second.waits) == ({}, 0)


@pytest.mark.parametrize("part", ["files", "database", "not synchronous"])
def test_what_is_not_on_both_leaves_nothing_behind_and_can_be_sent_again(
    second, dossier, comunik, ada, part, monkeypatch
):
    before = stored()
    second.is_away = part == "files"
    connected(monkeypatch, part != "database", waits=part != "not synchronous")
    with pytest.raises(NotOnBoth):
        deposit(dossier, comunik, ada)
    after = stored()
    second.is_away = False
    connected(monkeypatch, True)

    again = deposit(dossier, comunik, ada)

    assert after == before
    assert again.version == 1


def test_what_is_refused_anyway_is_not_copied(second, dossier, comunik, ada):
    with pytest.raises(Exception, match="wrong_format"):
        deposit(dossier, comunik, ada, name="dossier.exe")

    assert second.files == {}


def test_the_form_says_what_to_do_and_the_page_shows_no_receipt(
    second, dossier, comunik, ada, client_of, now_noon
):
    second.is_away = True
    url = reverse("submissions:deposit", args=[dossier.pk])

    answer: Any = client_of(ada).post(url, {"file": file_at()}, headers={"HX-Request": "true"})

    assert answer.status_code == 422
    assert "le second serveur ne répond pas" in answer.content.decode().replace("\xa0", " ")
    assert stored()[:2] == (0, 0)


@pytest.mark.parametrize(
    ("strict", "is_connected", "sentence"),
    [
        (True, True, "Ce qui est confirmé ici est déjà sur deux serveurs."),
        (False, True, "Copie sur le second serveur : il y a 2 s"),
        (False, False, "Copie sur le second serveur : aucune, il n’est pas relié"),
    ],
)
def test_the_page_of_a_team_says_where_its_deposits_are(
    second, dossier, comunik, ada, client_of, now_noon, monkeypatch, strict, is_connected, sentence
):
    connected(monkeypatch, is_connected)
    until = NOON.replace(hour=NOON.hour - 1, minute=59, second=58)
    Standby.objects.update(strict=strict, files_until=until, database_until=until)

    page = client_of(ada).get(reverse("submissions:deposits")).content.decode()

    assert sentence in " ".join(page.replace("\xa0", " ").replace("\u202f", " ").split())


def test_without_a_second_server_the_page_says_nothing(dossier, comunik, ada, client_of):
    client: Client = client_of(ada)

    page = client.get(reverse("submissions:deposits")).content.decode()

    assert "second serveur" not in page
