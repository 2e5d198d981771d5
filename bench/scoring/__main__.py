"""`python -m bench.scoring`: thirty jurors' tablets save marks at once.

In the shape of production on one machine: pages by gunicorn, PostgreSQL with fsync, Redis. Each
juror has a connection; in a wave all of them touch a mark in the same instant; without pause each
touches the next one as soon as the one before was answered, which no finger does.
"""

import argparse
import io
import json
import os
import socket
import statistics
import time
import uuid
from contextlib import ExitStack, redirect_stdout
from threading import Barrier, Thread

from bench.uploads import servers
from bench.uploads.pages import web

JURORS = 30
TOKEN = "t" * 32
GOAL_MS = 150


def main() -> None:
    """Measure both and print them."""
    options = argparse.ArgumentParser(prog="bench.scoring")
    options.add_argument("--waves", type=int, default=40)
    options.add_argument("--pause", type=float, default=0.5, help="seconds between waves")
    chosen = options.parse_args()
    with ExitStack() as stack:
        _data, env = servers.production(stack)
        jurors = prepare()
        port = stack.enter_context(web(env))
        _all(port, jurors, waves=5, pause=0)
        _say("waves of 30", _all(port, jurors, waves=chosen.waves, pause=chosen.pause))
        _say("30 without pause", _all(port, jurors, waves=chosen.waves, pause=None))


def prepare() -> list[dict]:
    """Thirty jurors over the demo's departments: session, teams and criteria of each."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hackathon.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from hackathon.accounts.models import User
    from hackathon.editions.models import Department
    from judging.jury.readings import judged_teams
    from judging.models import Criterion, Juror, JuryRules

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    with redirect_stdout(io.StringIO()):
        call_command("demo", "--phase", "judging", "--json")
    JuryRules.objects.all().delete()
    departments = list(Department.objects.order_by("pk"))
    jurors = []
    for number in range(JURORS):
        department = departments[number % len(departments)]
        user = User.objects.create_user(f"bench-{number}@example.org", name=f"Juré {number}")
        juror = Juror.objects.create(department=department, user=user)
        juror.assignments.bulk_create(
            juror.assignments.model(juror=juror, team=team)
            for team in department.teams.all()
            if not judged_teams(juror)
        )
        jurors.append(
            {
                "user": user.pk,
                "session": _session(user),
                "versions": {},  # of each sheet, as its page was last told
                "teams": [team.pk for team in judged_teams(juror)],
                "criteria": list(
                    Criterion.objects.filter(department=department).values_list("pk", flat=True)
                ),
            }
        )
    return jurors


def _session(user: object) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)  # type: ignore[attr-defined]
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()  # type: ignore[attr-defined]
    session.create()
    return str(session.session_key)


def _all(port: int, jurors: list[dict], *, waves: int, pause: float | None) -> list[float]:
    """What each save took, in seconds. `pause` None: nobody waits for the others."""
    took: list[float] = []
    barrier = Barrier(len(jurors), timeout=60)

    def juror(who: dict) -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
            for turn in range(-1, waves):
                team, touch = _mark(who, turn)
                if pause is not None or turn <= 0:
                    barrier.wait()
                began = time.perf_counter()
                line.sendall(touch)
                answer = _answer(line)
                # Not a line's first: gunicorn gives a thread to each new line until it speaks.
                if turn >= 0:
                    took.append(time.perf_counter() - began)
                assert b'"state": "accepted"' in answer, answer
                who["versions"][team] = json.loads(answer)["answers"][0]["version"]
                if pause:
                    time.sleep(pause)

    threads = [Thread(target=juror, args=(who,)) for who in jurors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


def _mark(who: dict, turn: int) -> tuple[int, bytes]:
    """One touch, and of which team: criterion after criterion, team after team."""
    teams, criteria = who["teams"], who["criteria"]
    team = teams[turn // len(criteria) % len(teams)]
    change = {
        "key": str(uuid.uuid4()),
        "team": team,
        "kind": "mark",
        "criterion": criteria[turn % len(criteria)],
        "value": str(turn % 11 / 2),
        "base": who["versions"].get(team, 0),
        "seen": [1, 2, 3],
        "device": "bench",
    }
    body = json.dumps({"for": who["user"], "changes": [change]})
    lines = [
        "POST /jury/synchroniser/ HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"Cookie: sessionid={who['session']}; csrftoken={TOKEN}",
        f"X-CSRFToken: {TOKEN}",
        "HX-Request: true",
    ]
    return team, ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def _answer(line: socket.socket) -> bytes:
    """All of one answer; read by hand, since the client has the same two cores as the site."""
    found = b""
    while b"\r\n\r\n" not in found:
        found += line.recv(65536)
    head, _, body = found.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += line.recv(65536)
    return body


def _say(what: str, took: list[float]) -> None:
    cuts = statistics.quantiles(took, n=100)
    p50, p95 = cuts[49] * 1000, cuts[94] * 1000
    print(
        f"{what}: {len(took)} saves, p50 {p50:.0f} ms, p95 {p95:.0f} ms (goal {GOAL_MS}),"
        f" max {max(took) * 1000:.0f} ms",
        flush=True,
    )


if __name__ == "__main__":
    main()
