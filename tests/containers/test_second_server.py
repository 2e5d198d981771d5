"""Two machines with Docker, by the commands of docs/operations/standby.md. Teams hand in meanwhile,
from a third one.
"""

import asyncio
import json
import shutil
import time

from bench.standby.machines import FLOATING, NETWORK, URL, bridge
from bench.standby.round import Evening
from tests.containers.machines import MARKS, Machine, new_machines
from tests.operations import compose
from tests.waiting import PATIENCE, until_true, wait_until

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
MANAGE = ("docker", "compose", "run", "--rm", "--no-deps", "-T", "worker", "python", "manage.py")
STRICT = (*MANAGE, *"standby strict".split())  # noqa: SIM905 - the name of no extra

pytestmark = MARKS


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


def has_floating_address(machine: Machine) -> bool:
    return f" {FLOATING}/" in machine.says("ip", "-o", "addr")


def set_strict(machine: Machine) -> None:
    """Once the other one is connected."""
    command = (*STRICT, "on")
    wait_until(lambda: machine.run(*command, code=None).returncode == 0, patience=120)


def has_all_of(machine: Machine, serving: Machine) -> bool:
    receipts = "SELECT count(*) FROM submissions_receipt"
    return machine.sql(receipts) == serving.sql(receipts) and files(machine) >= files(serving)


def files(machine: Machine) -> set[str]:
    """Of deposits. Those that are not whole are hidden."""
    data = machine.directory / "docker" / "volumes" / "ccd_data" / "_data"
    return {path.name for path in (data / "deposits").rglob("[!.]*") if path.is_file()}


def becomes_standby(machine: Machine, serving: Machine) -> None:
    """The one that was beaten, by one command. It has all that the other one has."""
    machine.standby("rejoin")
    wait_until(lambda: follows(machine))
    wait_until(lambda: has_all_of(machine, serving))
    assert len(files(serving)) >= TEAMS


def loses_power(first: Machine, second: Machine, evening: Evening) -> None:
    set_strict(first)
    # The settings of the one that serves follow it.
    (first.site / "secrets" / "smtp-password").write_text("new")
    with (first.site / ".env").open("a") as file:
        file.write("CCD_MAIL_FROM=new@ccd.test\n")
    sent = second.directory / "srv/ccd/standby/settings/.env"
    wait_until(lambda: "new@ccd.test" in sent.read_text())

    done = asyncio.run(evening.play(first, second, strict=True))
    print(f"The second machine serves after {done.promoted:.0f} s,", end=" ")
    print(f"and the first deposit was received after {done.first_accepted:.1f} s.")
    assert (done.wrong, done.lost) == ([], [])
    assert done.acknowledged + done.accepted_after == TEAMS
    settings = (second.site / ".env").read_text().splitlines()
    assert {"CCD_MAIL_FROM=new@ccd.test", "CCD_SERVER_NAME=second"} <= set(settings)
    assert (second.site / "secrets" / "smtp-password").read_text() == "new"

    # One line more on the only machine that is left, and a process that ends there.
    with (second.site / ".env").open("a") as file:
        file.write("CCD_LOG_LEVEL=WARNING\n")
    second.run("docker", "compose", "up", "-d", "--wait")
    assert serves(second)
    second.run("kill", "-KILL", inspect(second, "beat", ".State.Pid"))
    wait_until(lambda: second.states()["beat"] != "healthy")
    wait_until(lambda: second.states()["beat"] == "healthy")


def comes_back(first: Machine, second: Machine) -> None:
    """Without a cable, then with one. Docker starts what had run there."""
    first.switch_on()
    wait_until(lambda: have_ended(first), first.states, patience=600)
    assert not serves(first)
    first.plug_in()
    assert "was not started" in first.standby("serve", code=3)
    assert "healthy" not in [first.states().get(name) for name in compose.site_services()]
    becomes_standby(first, second)
    follow(first)
    assert serves(second)


async def hand_in_without_the_other_one(serving: Machine, evening: Evening) -> None:
    """No receipt until somebody decides; then it comes by itself."""
    before = len(evening.notes.samples)
    running = asyncio.create_task(evening.hands_in(evening.people[0], time.time()))

    async def refused() -> bool:
        return any(sample.status == 503 for sample in evening.notes.samples[before:])

    await until_true(refused)
    assert not running.done()
    await asyncio.to_thread(serving.run, *STRICT, "off")
    deposit = await asyncio.wait_for(running, PATIENCE)
    assert deposit.code, deposit.refused


def lose_the_cable(serving: Machine, standby: Machine, evening: Evening) -> None:
    """First that of the standby, then that of the one that serves: then both have the address."""
    serving.python("-m", "bench.standby.inside", "deadline", 1800)
    set_strict(serving)
    standby.pull_cable()
    wait_until(lambda: STRICT[-2] in says(serving).get("degraded", ()))
    assert serves(serving)
    asyncio.run(hand_in_without_the_other_one(serving, evening))
    assert "Not on the second server" in serving.says("docker", "compose", "logs", "uploads")
    standby.plug_in()
    wait_until(lambda: has_all_of(standby, serving))

    serving.pull_cable()
    said = standby.standby("promote")
    assert "Lost at most: deposits since " in said
    assert [has_floating_address(each) for each in (serving, standby)] == [True, True]
    serving.plug_in()
    wait_until(lambda: not has_floating_address(serving))
    wait_until(lambda: not says(serving))
    assert (serves(standby), has_floating_address(standby)) == (True, True)
    becomes_standby(serving, standby)


def test_one_of_two_servers_serves_whatever_is_lost():
    """The power of the one that serves, then the cable of each. One test: two machines take minutes
    to set up.
    """
    with bridge(), new_machines(("first", FIRST), ("second", SECOND)) as (first, second):
        first.plug_in()
        second.plug_in()
        set_up(first, second)
        assert serves(first)
        wait_until(lambda: follows(second))  # its pages have their static files
        assert "The other machine" in second.standby("promote", code=3)
        assert "is the standby" in second.standby("serve")
        started = inspect(first, "web-a", ".State.StartedAt")
        assert "This machine serves" in first.standby("serve")  # it goes on
        assert inspect(first, "web-a", ".State.StartedAt") == started
        assert "nothing was done" in first.standby("rejoin", code=3)
        people = json.loads(first.python("-m", "bench.standby.inside", "cast", TEAMS))
        evening = Evening(people, size=100_000, last=12)

        loses_power(first, second, evening)
        comes_back(first, second)
        lose_the_cable(second, first, evening)
