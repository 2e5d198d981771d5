"""What the client of a rehearsal fetches again, as js/refresh.js does."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hackathon.accounts.models import User
from hackathon.editions.models import Edition
from hackathon.rehearsal import parts
from hackathon.rehearsal.parts import Part, Parts, joined, parts_of
from tests.services import PATIENCE

BLOCK = '<section id="{name}" data-src="/blocs/{name}/" data-refetch="live:a.b" {more}></section>'
BATCHED = 'data-batch data-spread="0"'


class Requests:
    """The addresses that were asked for, and when. The first `failures` have no answer."""

    def __init__(self, failures: int = 0) -> None:
        self.asked: list[str] = []
        self.at: list[float] = []
        self._failures = failures
        self._more = asyncio.Event()

    async def fetch(self, address: str) -> bool:
        self.asked.append(address)
        self.at.append(time.monotonic())
        self._more.set()
        return len(self.asked) > self._failures

    async def count(self, wanted: int) -> None:
        """Until there are so many, and then for a moment."""
        await self.until(lambda: len(self.asked) >= wanted)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self._more.clear()
                await self._more.wait()
        await asyncio.sleep(0.1)


@pytest.fixture(autouse=True)
def _gathers_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "GATHER_SECONDS", 0.05)
    monkeypatch.setattr(parts, "RETRY_SECONDS", (0.1,))


def page(*names: str, more: str = BATCHED) -> str:
    return "".join(BLOCK.format(name=name, more=more) for name in names)


def message(kind: str = "a.b", **more: Any) -> dict[str, Any]:
    return {"type": kind, "data": {}, **more}


def test_the_parts_of_a_page() -> None:
    html = (
        '<main><nav class="nav" id="nav"\n  data-refetch="live:rights.changed live:a.b"\n'
        '  data-src="/menu/?a=1&amp;b=2"><a href="/">A</a></nav><p data-refetch="live:no.id"></p>'
        '<p id="day" data-src="/day/" data-batch data-spread="0" data-pause="8" data-every="60"'
        ' data-refetch="live:c.d" data-edition-fields="starts_at timezone"></p></main>'
    )

    assert list(parts_of(html)) == [
        Part(frozenset({"live:rights.changed", "live:a.b"}), "/menu/?a=1&b=2"),
        Part(
            frozenset({"live:c.d"}),
            "/day/",
            is_batched=True,
            spread=0.0,
            pause=8.0,
            every=60.0,
            fields=frozenset({"starts_at", "timezone"}),
        ),
    ]


def test_joined_addresses() -> None:
    assert joined(["/blocs/day/", "/blocs/figures/"]) == "/blocs/day,figures/"
    assert joined(["/equipe/?a=b"]) == "/equipe/?a=b"


@pytest.mark.asyncio
async def test_all_blocks_that_wait_are_fetched_in_one_request() -> None:
    requests = Requests()
    opened = Parts(page("day", "figures", "wrong") + page("other", more=""), requests.fetch)

    opened.on(message(spread=0))
    opened.on(message(spread=0))
    await requests.count(2)

    assert sorted(requests.asked) == ["/blocs/day,figures,wrong/", "/blocs/other/"]
    opened.close()


@pytest.mark.asyncio
async def test_a_block_waits_for_its_pause() -> None:
    requests = Requests()
    opened = Parts(page("day", more=f'{BATCHED} data-pause="0.5"'), requests.fetch)

    opened.on(message())
    await requests.count(1)
    opened.on(message())
    await requests.count(2)

    assert requests.at[1] - requests.at[0] > 0.4
    opened.close()


@pytest.mark.asyncio
async def test_the_pauses_grow_while_a_block_is_fetched_again_and_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parts, "PAUSES_SECONDS", (0.0, 0.0, 600.0))
    requests = Requests()
    opened = Parts(page("day", more="data-batch"), requests.fetch)

    for number in (1, 2, 3):
        opened.on(message(spread=0))
        await requests.count(number)
    opened.on(message(spread=0))
    await asyncio.sleep(0.3)

    assert len(requests.asked) == 3
    opened.close()


@pytest.mark.asyncio
async def test_the_pauses_of_what_few_people_have_do_not_grow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parts, "PAUSES_SECONDS", (600.0,))
    monkeypatch.setattr(parts, "PAUSE_OF_FEW_SECONDS", 0.3)
    requests = Requests()
    opened = Parts(page("day"), requests.fetch)

    for number in (1, 2, 3):
        opened.on(message())
        await requests.count(number)

    assert requests.at[2] - requests.at[1] > 0.25
    opened.close()


@pytest.mark.asyncio
async def test_what_had_no_answer_is_fetched_again() -> None:
    requests = Requests(failures=1)
    opened = Parts(page("day", more=f'{BATCHED} data-pause="0"'), requests.fetch)

    opened.on(message())
    await requests.count(2)

    assert requests.asked == ["/blocs/day/"] * 2
    opened.close()


@pytest.mark.asyncio
async def test_a_part_that_names_fields_of_the_edition_waits_for_those() -> None:
    requests = Requests()
    html = page("day", more='data-spread="0" data-edition-fields="timezone"')
    opened = Parts(html.replace("a.b", "edition.changed"), requests.fetch)

    opened.on({"type": "edition.changed", "data": {"changed": ["deadline_at"]}})
    await asyncio.sleep(0.2)
    before = list(requests.asked)
    opened.on({"type": "edition.changed", "data": {"changed": ["timezone"]}})
    await requests.count(1)

    assert before == []
    opened.close()


@pytest.mark.asyncio
async def test_a_part_is_fetched_every_few_seconds_until_its_page_is_left() -> None:
    requests = Requests()
    opened = Parts(page("day", more='data-every="0.5" data-pause="0"'), requests.fetch)

    await requests.count(1)
    opened.on(message(spread=0))
    opened.close()
    before = len(requests.asked)
    await asyncio.sleep(0.3)

    assert len(requests.asked) == before
    assert set(requests.asked) == {"/blocs/day/"}


@pytest.mark.asyncio
@pytest.mark.parametrize(("complete", "expected"), [(True, []), (False, ["/blocs/day,figures/"])])
async def test_all_parts_are_fetched_if_too_much_was_missed(
    complete: bool, expected: list[str]
) -> None:
    requests = Requests()
    opened = Parts(page("day", "figures"), requests.fetch)

    opened.on({"type": "live.resumed", "data": {"complete": complete}})
    await requests.count(len(expected))
    await asyncio.sleep(0.2)

    assert requests.asked == expected
    opened.close()


@pytest.mark.django_db
def test_the_control_room_answers_the_one_request(
    edition: Edition, eve: User, client_of: Callable[[User], Client]
) -> None:
    browser = client_of(eve)
    html = browser.get(reverse("control_room:control")).content.decode()
    wanted = {part.address for part in parts_of(html) if "live:edition.changed" in part.wanted}

    async def change() -> list[str]:
        requests = Requests()
        opened = Parts(html, requests.fetch)
        opened.on({"type": "edition.changed", "data": {}})
        await requests.until(lambda: any("," in address for address in requests.asked))
        opened.close()
        return requests.asked

    (together,) = [address for address in asyncio.run(change()) if "," in address]
    answer = browser.get(together, headers={"HX-Request": "true"})

    names = together.split("/")[-2].split(",")
    assert len(names) > 3
    assert {f"{together.rpartition('/')[0].rpartition('/')[0]}/{name}/" for name in names} <= wanted
    assert answer.status_code == 200
    assert all(f'id="block-{name}"' in answer.content.decode() for name in names)
