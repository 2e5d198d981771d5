from collections.abc import Callable
from typing import Any

import pytest

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import RefusalCode
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Edition
from hackathon.event.setup.errors import SetupRefusal
from hackathon.event.setup.services import deletion, installation
from submissions.models import Deliverable
from tests.conftest import NOON
from tests.refusals import refuses
from tests.submissions.conftest import deposit

SHOWN_ON_PAGES = {SetupRefusal.TOO_MANY_CODES}  # tests/setup/test_installation.py


@pytest.fixture
def cases(request) -> dict[RefusalCode, Callable[[], Any]]:
    def install() -> None:
        installation.install(code="x", email="m@x.org", person="M", password="x" * 12, at=NOON)

    def delete(typed: str, *, shown: bool = False, used: bool = False) -> None:
        edition: Edition = request.getfixturevalue("edition")
        eve: User = request.getfixturevalue("eve")
        if used:
            dossier: Deliverable = request.getfixturevalue("dossier")
            deposit(dossier, request.getfixturevalue("comunik"), request.getfixturevalue("ada"))
        Edition.objects.filter(pk=edition.pk).update(is_current=shown)
        deletion.delete(edition=edition, typed=typed, by=eve, at=NOON)

    def installed() -> None:
        request.getfixturevalue("root")
        install()

    name = "Crazy Charly Day 2020"
    return {
        SetupRefusal.INSTALLED: installed,
        SetupRefusal.CODE_WRONG: install,
        SetupRefusal.SHOWN: lambda: delete(name, shown=True),
        SetupRefusal.HANDED_IN: lambda: delete(name, used=True),
        SetupRefusal.NAME_NOT_TYPED: lambda: delete("Crazy Charly Day"),
    }


@pytest.mark.parametrize("code", [c for c in SetupRefusal if c not in SHOWN_ON_PAGES])
def test_each_refusal(code, cases, db):
    with refuses(code) as refused:
        cases[code]()

    assert "{" not in refused.value.refusal.message
    assert not JournalEntry.objects.filter(
        act__in=["edition.deleted", "installation.made"]
    ).exists()
