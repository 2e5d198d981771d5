"""Two machines with Docker, by the commands of docs/operations/standby.md. Teams hand in meanwhile,
from a third one.
"""

import asyncio
import json
import shutil
from collections.abc import Iterator

import pytest

from bench.standby.machines import FLOATING, NETWORK, URL, bridge
from bench.standby.round import Evening
from tests.containers.machines import MARKS, Machine, new_machines
from tests.operations import compose
from tests.waiting import wait_until

TEAMS = 6
FIRST, SECOND = f"{NETWORK}.11", f"{NETWORK}.12"
ANSWERS = f"""CCD_DOMAIN=ccd.test
CCD_ALLOWED_HOSTS=ccd.test,{FLOATING}
CCD_TRUSTED_ORIGINS={URL}
CCD_SITE_URL={URL}
"""
OWN = """CCD_SERVER_NAME={name}
CCD_PEER=http://{peer}:8000
CCD_STANDBY_FILES=rsync://ccd@{peer}:8873/ccd
CCD_LISTEN={address}
CCD_FLOATING_ADDRESS={floating}/24
COMPOSE_FILE=docker-compose.yml:docker-compose.standby.yml
"""

pytestmark = MARKS


@pytest.fixture
def machines() -> Iterator[tuple[Machine, Machine]]:
    with bridge(), new_machines(("first", FIRST), ("second", SECOND)) as (first, second):
        first.plug_in()
        second.plug_in()
        yield first, second


def add_own_settings(machine: Machine, peer: Machine) -> None:
    own = OWN.format(
        name=machine.name, address=machine.address, peer=peer.address, floating=FLOATING
    )
    with (machine.site / ".env").open("a") as file:
        file.write(own)


def follow(machine: Machine) -> None:
    """As deploy/systemd/ccd-standby.service does it."""
    machine.start("deploy/standby", "follow", "2")


def set_up(first: Machine, second: Machine) -> None:
    for machine in (first, second):
        machine.run("git", "clone", "-q", "/opt/origin", "/opt/ccd")
    (first.site / "answers").write_text(ANSWERS)
    first.run("deploy/install", "--answers", "answers")
    add_own_settings(first, second)
    first.run("sh", "-c", "openssl rand -hex 24 >secrets/standby-password")
    first.run("docker", "compose", "up", "-d", "--wait", "database")
    first.standby("prepare")
    first.standby("serve", "--alone")
    shutil.copytree(first.site / "secrets", second.site / "secrets")
    settings = (first.site / ".env").read_text()
    own = [line.partition("=")[0] for line in OWN.splitlines()]
    shared = [line for line in settings.splitlines() if line.partition("=")[0] not in own]
    (second.site / ".env").write_text("\n".join([*shared, ""]))
    add_own_settings(second, first)
    second.run("deploy/install", "--no-start")
    second.standby("join")
    follow(first)
    follow(second)


def says(machine: Machine) -> dict:
    """Its own answer to the other one; nothing if no process of pages answers."""
    url = f"http://{machine.address}:8000/readyz"
    answer = machine.run("curl", "-s", "--max-time", "5", url, code=None)
    return json.loads(answer.stdout) if answer.stdout.startswith("{") else {}


def serves(machine: Machine) -> bool:
    return says(machine).get("serving") is True


def follows(machine: Machine) -> bool:
    return says(machine).get("serving") is False


def inspect(machine: Machine, service: str, field: str) -> str:
    container = machine.says("docker", "compose", "ps", "--all", "--quiet", service)
    return machine.says("docker", "inspect", "-f", f"{{{{{field}}}}}", container)


def have_ended(machine: Machine) -> bool:
    """Docker has started each process of the site again, because it had ended by itself. `metrics`
    only reads: it does not ask the other machine.
    """
    asking = compose.site_services().keys() - {"metrics"}
    return "0" not in [inspect(machine, name, ".RestartCount") for name in asking]


def set_strict(machine: Machine) -> None:
    """Once the other one is connected."""
    command = "docker compose run --rm --no-deps -T worker python manage.py standby strict on"
    wait_until(lambda: machine.run(*command.split(), code=None).returncode == 0, patience=120)


def test_the_second_server_takes_over_and_the_first_one_does_not_start(
    machines: tuple[Machine, Machine],
) -> None:
    first, second = machines
    set_up(first, second)
    assert serves(first)
    wait_until(lambda: follows(second))  # its pages have their static files
    refused = second.standby("promote", code=3)
    assert "The other machine" in refused
    people = json.loads(first.python("-m", "bench.standby.inside", "cast", TEAMS))
    set_strict(first)

    evening = Evening(people, size=100_000, last=12)
    done = asyncio.run(evening.play(first, second, strict=True))
    print(f"The second machine serves after {done.promoted:.0f} s,", end=" ")
    print(f"and the first deposit was received after {done.first_accepted:.1f} s.")
    assert (done.wrong, done.lost) == ([], [])
    assert done.acknowledged + done.accepted_after == TEAMS

    # One line more on the only machine that is left, and a process that ends there.
    with (second.site / ".env").open("a") as file:
        file.write("CCD_LOG_LEVEL=WARNING\n")
    second.run("docker", "compose", "up", "-d", "--wait")
    assert serves(second)
    second.run("kill", "-KILL", inspect(second, "beat", ".State.Pid"))
    wait_until(lambda: second.states()["beat"] != "healthy")
    wait_until(lambda: second.states()["beat"] == "healthy")

    # The first one is on again, without a cable. Docker starts what had run there.
    first.switch_on()
    wait_until(lambda: have_ended(first), first.states, patience=600)
    assert not serves(first)
