"""One round of the drill: the last minute before a deadline, in which one machine dies."""

import asyncio
import hashlib
import json
import random
import re
import ssl
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Protocol

import httpx

from bench.standby.machines import URL, Machine, set_strict
from hackathon.extras.trial_runs.hand_ins import hand_in
from hackathon.run.page_client.client import Browser, Deposit, Notes, Person, Site

DIES_AT = 1 / 3  # of the seconds before the deadline in which all hand in
BEFORE_SECONDS = 5  # all of them: moving the deadline takes some
AGAIN_SECONDS = 2.0
PATIENCE_SECONDS = 300.0
SINCE = re.compile(r"deposits since (\S+ \S+) UTC")


class Dies(Protocol):
    def python(self, *arguments: object) -> str: ...

    def lose_power(self) -> None: ...


class TakesOver(Protocol):
    def standby(self, *arguments: str) -> str: ...


@dataclass
class Round:
    """Seconds are since the death. `said`: how many seconds of deposits the promotion says may be
    lost; None: none.
    """

    strict: bool
    promoted: float = 0.0
    first_accepted: float = 0.0
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    said: float | None = None
    accepted_after: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.wrong and self.first_accepted <= 60 and not (self.strict and self.lost)


class Evening:
    """`people`: the fields of each. `last`: the seconds before a deadline in which all hand in."""

    def __init__(self, people: list[dict], size: int, last: float) -> None:
        self.people = [_person(fields) for fields in people]
        self._size, self._last = size, last
        self._noise = random.randbytes(2 * size)  # noqa: S311
        tls = ssl.create_default_context()
        tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE  # it is made for the drill
        self._site = Site(URL, URL, URL, tls)
        self.notes = Notes()

    async def play(self, dies: Dies, takes_over: TakesOver, *, strict: bool) -> Round:
        found = Round(strict)
        seconds = round(self._last + BEFORE_SECONDS)
        deadline = float(dies.python("-m", "bench.standby.inside", "deadline", seconds))
        instants = [deadline - random.uniform(0, self._last) for _ in self.people]  # noqa: S311
        handed = asyncio.gather(*map(self.hands_in, self.people, instants))
        dies_at = deadline - (1 - DIES_AT) * self._last
        await asyncio.sleep(max(0.0, dies_at - time.time()))
        dies.lose_power()
        died = time.time()
        said = await asyncio.to_thread(takes_over.standby, "promote")
        found.promoted = self._served_at(said, died)
        deposits = await asyncio.wait_for(handed, PATIENCE_SECONDS)
        before = [d for d in deposits if d.code and d.answered_at <= died]
        after = [d.answered_at for d in deposits if d.code and d.answered_at > died]
        found.acknowledged, found.accepted_after = len(before), len(after)
        found.first_accepted = min(after, default=float("inf")) - died
        found.wrong = [f"never received: {d.refused}" for d in deposits if not d.code]
        await self._verify(before, found)
        self._compare(said, before, died, found)
        return found

    async def hands_in(self, person: Person, at: float) -> Deposit:
        """As a person does: again and again until there is a receipt."""
        wanted = next(each for each in person.deliverables if each[1] == "file")
        await asyncio.sleep(max(0.0, at - time.time()))
        size = min(wanted[3], round(self._size * random.uniform(0.5, 2)))  # noqa: S311
        end = time.time() + PATIENCE_SECONDS
        while True:
            browser = Browser(person, self._site, self.notes)
            deposit = await hand_in(browser, wanted, self._noise, size)
            await browser.close()
            if deposit.code or time.time() > end:
                return deposit
            await asyncio.sleep(AGAIN_SECONDS)

    async def _verify(self, acknowledged: list[Deposit], found: Round) -> None:
        """Each receipt is known to the new server, and its file has the digest that was sent."""
        by_team = {person.team: person for person in self.people}
        for deposit in acknowledged:
            browser = Browser(by_team[deposit.team], self._site, self.notes)
            receipt = await browser.request("GET", f"/recus/{deposit.code}/", kind="page")
            path = f"/api/v1/submissions/{deposit.submission}/content/"
            content = await browser.request("GET", path)
            await browser.close()
            if not _is_good(receipt) or not _is_good(content):
                found.lost.append(deposit.code)
            elif hashlib.sha256(content.content).hexdigest() != deposit.sha256:  # type: ignore[union-attr]
                found.wrong.append(f"other bytes: {deposit.code}")

    @staticmethod
    def _served_at(said: str, died: float) -> float:
        """Of the line « This machine serves. », which has the time of the day."""
        found = re.search(r"^(\d\d:\d\d:\d\d) This machine serves", said, re.MULTILINE)
        assert found, said
        day = datetime.fromtimestamp(died, UTC).date()
        served = datetime.fromisoformat(f"{day}T{found[1]}+00:00").timestamp()
        return (served - died) % 86400

    @staticmethod
    def _compare(said: str, before: list[Deposit], died: float, found: Round) -> None:
        """What is lost came after the instant that the promotion says."""
        since = SINCE.search(said)
        if since is None:
            if not found.strict:
                found.wrong.append(f"the promotion does not say what may be lost: {said}")
            return
        until = datetime.fromisoformat(f"{since[1]}+00:00").timestamp()
        found.said = died - until
        received = {d.code: datetime.fromisoformat(d.received_at).timestamp() for d in before}
        early = [code for code in found.lost if received[code] < until]
        found.wrong += [f"lost, although copied: {code}" for code in early]


class Drill:
    """The machines take over from each other, round by round."""

    def __init__(
        self, first: Machine, second: Machine, people: list[dict], *, size: int, last: float
    ) -> None:
        self.serves, self.follows = first, second
        self._evening = Evening(people, size, last)

    def play(self, *, strict: bool) -> Round:
        set_strict(self.serves, strict)
        done = asyncio.run(self._evening.play(self.serves, self.follows, strict=strict))
        done.wrong += _comes_back(self.serves, self.follows)
        self.serves, self.follows = self.follows, self.serves
        return done


def _person(fields: dict) -> Person:
    wanted = tuple(tuple(each) for each in fields["deliverables"])
    return Person(**{**fields, "deliverables": wanted})


def _is_good(answer: httpx.Response | None) -> bool:
    return answer is not None and answer.status_code == HTTPStatus.OK


def answers(machine: Machine) -> bool:
    """One of its processes of pages, to anybody in the hall."""
    asked = machine.run("curl", "-s", "--max-time", "3", f"http://{machine.address}:8000/healthz")
    return asked.returncode == 0


def _comes_back(machine: Machine, other: Machine) -> list[str]:
    """It is refused, and nothing on it answers. Then it becomes the standby. What was wrong."""
    machine.plug_in()
    said = machine.standby("serve", code=3)
    wrong = [] if "was not started" in said else [f"no refusal: {said}"]
    if answers(machine):
        wrong.append("it answers")
    machine.standby("rejoin")
    machine.follow()
    state = json.loads(machine.python("manage.py", "standby", "state", "--json"))
    if state["serving"] or state["server"] != other.name:
        wrong.append(f"it is not the standby: {state}")
    return wrong
