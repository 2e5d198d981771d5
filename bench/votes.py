"""`python -m bench.votes`: 400 people of the hall vote within 20 s, each twice, as in production.

Each opens the page and votes at its own moment, and at once a second time for another team.
"""

import argparse
import io
import os
import random
import re
import socket
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, redirect_stdout
from itertools import batched
from urllib.parse import urlencode

from bench.scoring.__main__ import TOKEN, response_of
from bench.uploads import servers
from bench.uploads.pages import web

TEAM = re.compile(rb'name="team" value="(\d+)"')
BADGES = 100  # of one print


def main() -> None:
    options = argparse.ArgumentParser(prog="bench.votes")
    options.add_argument("--people", type=int, default=400)
    options.add_argument("--seconds", type=float, default=20)
    chosen = options.parse_args()
    with ExitStack() as stack:
        _data, env = servers.production(stack)
        sessions = prepare(chosen.people)
        port = stack.enter_context(web(env))
        begun = time.monotonic()
        moments = [random.Random(n).uniform(0, chosen.seconds) for n in range(chosen.people)]  # noqa: S311
        with ThreadPoolExecutor(chosen.people) as pool:
            took = [
                seconds
                for found in pool.map(
                    lambda session, at: person(port, session, begun + at), sessions, moments
                )
                for seconds in found
            ]
        whole = time.monotonic() - begun
        votes, voters = counted()
    cuts = statistics.quantiles(took, n=100)
    print(
        f"{votes} votes of {voters} voters, the last after {whole:.1f} s: {len(took)} requests, "
        f"p50 {cuts[49] * 1000:.0f} ms, p95 {cuts[94] * 1000:.0f} ms, max {max(took) * 1000:.0f} ms"
    )


def prepare(people: int) -> list[str]:
    """Keys of sessions, each with a badge."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hackathon.settings")
    import django

    django.setup()
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command

    from hackathon.core import clock
    from hackathon.editions.models import Edition
    from hackathon.favourite import selectors, services
    from hackathon.favourite.views import BADGE
    from judging.models import PassagePlan

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    with redirect_stdout(io.StringIO()):
        call_command("demo", "--phase", "ceremony", "--json")
    edition = Edition.objects.current()
    PassagePlan.objects.filter(department__edition=edition).delete()
    by, at = edition.organizers.first(), clock.now()
    services.prepare(edition=edition, title="Coup de cœur", only_presented=False, by=by, at=at)
    favourite = selectors.get_favourite(edition)
    for part in batched(range(people), BADGES):
        services.print_badges(favourite=favourite, count=len(part), by=by, at=at)
    services.open_by_hand(favourite=favourite, by=by, at=at)
    keys = []
    for badge in favourite.badges.order_by("number"):
        session = SessionStore()
        session[BADGE] = badge.pk
        session.create()
        keys.append(str(session.session_key))
    return keys


def counted() -> tuple[int, int]:
    from hackathon.favourite.models import HasVoted, Tally

    return sum(Tally.objects.get().votes.values()), HasVoted.objects.count()


def person(port: int, session: str, at: float) -> list[float]:
    """Seconds of the page and of both votes."""
    time.sleep(max(0, at - time.monotonic()))
    took, page = _timed(port, session, None)
    first, *_others, last = TEAM.findall(page)
    return [took, *(_timed(port, session, team.decode())[0] for team in (first, last))]


def _timed(port: int, session: str, team: str | None) -> tuple[float, bytes]:
    body = urlencode({"csrfmiddlewaretoken": TOKEN, "team": team}) if team else ""
    lines = [
        f"{'POST' if team else 'GET'} /coup-de-coeur/ HTTP/1.0",
        "Host: localhost",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        f"Cookie: sessionid={session}; csrftoken={TOKEN}",
    ]
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
        status, answer = response_of(connection)
    assert status in (200, 302), answer
    return time.perf_counter() - began, answer


if __name__ == "__main__":
    main()
