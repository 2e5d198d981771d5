"""`python -m bench.scoring`: thirty tablets save marks at the same time, as in production.

In a wave all jurors save a mark at the same instant. Without pause each saves the next mark as soon
as the previous response has arrived.
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
    options = argparse.ArgumentParser(prog="bench.scoring")
    options.add_argument("--waves", type=int, default=40)
    options.add_argument("--pause", type=float, default=0.5, help="seconds between waves")
    chosen = options.parse_args()
    with ExitStack() as stack:
        _data, env = servers.production(stack)
        jurors = prepare()
        port = stack.enter_context(web(env))
        _run(port, jurors, waves=5, pause=0)
        _print("waves of 30", _run(port, jurors, waves=chosen.waves, pause=chosen.pause))
        _print("30 without pause", _run(port, jurors, waves=chosen.waves, pause=None))


def prepare() -> list[dict]:
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
                "versions": {},  # last known version of each sheet
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


def _run(port: int, jurors: list[dict], *, waves: int, pause: float | None) -> list[float]:
    """Seconds of each save. With `pause` None jurors do not wait for each other."""
    took: list[float] = []
    barrier = Barrier(len(jurors), timeout=60)

    def save_marks(juror: dict) -> None:
        for turn in range(waves):
            team, request = _request(juror, turn)
            if pause is not None or turn == 0:
                barrier.wait()
            began = time.perf_counter()
            with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
                connection.sendall(request)
                _status, response = response_of(connection)
            took.append(time.perf_counter() - began)
            assert b'"state": "accepted"' in response, response
            juror["versions"][team] = json.loads(response)["answers"][0]["version"]
            if pause:
                time.sleep(pause)

    threads = [Thread(target=save_marks, args=(juror,)) for juror in jurors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


def _request(juror: dict, turn: int) -> tuple[int, bytes]:
    teams, criteria = juror["teams"], juror["criteria"]
    team = teams[turn // len(criteria) % len(teams)]
    change = {
        "key": str(uuid.uuid4()),
        "team": team,
        "kind": "mark",
        "criterion": criteria[turn % len(criteria)],
        "value": str(turn % 11 / 2),
        "base": juror["versions"].get(team, 0),
        "seen": [1, 2, 3],
        "device": "bench",
    }
    body = json.dumps({"for": juror["user"], "changes": [change]})
    lines = [
        "POST /jury/synchroniser/ HTTP/1.0",  # each on a connection of its own, as from nginx
        "Host: localhost",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"Cookie: sessionid={juror['session']}; csrftoken={TOKEN}",
        f"X-CSRFToken: {TOKEN}",
        "HX-Request: true",
    ]
    return team, ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def response_of(connection: socket.socket) -> tuple[int, bytes]:
    """Status and body. A plain socket costs little CPU, which the client shares with the site."""
    found = b""
    while b"\r\n\r\n" not in found:
        found += connection.recv(65536)
    head, _, body = found.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return int(head.split(b" ", 2)[1]), body


def _print(what: str, took: list[float]) -> None:
    cuts = statistics.quantiles(took, n=100)
    p50, p95 = cuts[49] * 1000, cuts[94] * 1000
    print(
        f"{what}: {len(took)} saves, p50 {p50:.0f} ms, p95 {p95:.0f} ms (goal {GOAL_MS}),"
        f" max {max(took) * 1000:.0f} ms",
        flush=True,
    )


if __name__ == "__main__":
    main()
