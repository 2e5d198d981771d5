"""docker-compose.shared.yml and docker-compose.second.yml, merged as Docker Compose does it."""

import re
import shlex
from typing import Any

import pytest
import yaml

from tests.operations import compose
from tests.operations.test_compose import KEPT_FREE

SHARED, SECOND = "docker-compose.shared.yml", "docker-compose.second.yml"
HERE = {"prepare", "web-a", "web-b", "live", "uploads", "mail", "worker", "metrics"}


class Override(yaml.SafeLoader):
    """`!override` replaces where maps and lists would be merged."""


class Replaced:
    def __init__(self, value: Any) -> None:
        self.value = value


def _replaced(loader: yaml.SafeLoader, node: yaml.Node) -> Replaced:
    if isinstance(node, yaml.MappingNode):
        return Replaced(loader.construct_mapping(node, deep=True))
    assert isinstance(node, yaml.SequenceNode)
    return Replaced(loader.construct_sequence(node, deep=True))


Override.add_constructor("!override", _replaced)


def merged(base: Any, over: Any) -> Any:
    if isinstance(over, Replaced):
        return over.value
    if isinstance(base, dict) and isinstance(over, dict):
        both = {name: merged(base.get(name), value) for name, value in over.items()}
        return {**base, **both}
    if isinstance(base, list) and isinstance(over, list):
        return [*base, *over]
    return over


def services(file: str) -> dict[str, Any]:
    text = (compose.ROOT / file).read_text()
    over = yaml.load(text, Override)["services"]  # noqa: S506 - a SafeLoader
    assert set(over) <= set(compose.services()), "a name that the first file does not have"
    return merged(compose.services(), over)


def active(file: str) -> dict[str, Any]:
    """Those that start without `--profile`."""
    return {name: each for name, each in services(file).items() if "profiles" not in each}


def test_the_second_machine_starts_what_may_run_twice():
    found = active(SECOND)

    assert set(found) == HERE
    for name, service in found.items():
        assert set(service["depends_on"]) <= HERE, name
        assert (set(service["depends_on"]) == {"prepare"}) == (name != "prepare"), name


def test_its_processes_are_those_of_the_first_one():
    first = compose.services()
    for name, service in active(SECOND).items():
        if name not in ("prepare", "metrics"):
            assert service["command"] == first[name]["command"], name
        for key in ("image", "user", "read_only", "cap_drop", "mem_limit", "secrets", "env_file"):
            assert service[key] == first[name][key], (name, key)
    # It neither migrates nor reports what is the same everywhere.
    steps = shlex.split(first["prepare"]["command"])[-1].split(" && ")
    assert active(SECOND)["prepare"]["command"] in steps
    beside = shlex.split(active(SECOND)["metrics"]["command"])
    assert [word for word in beside if word != "--pod"] == shlex.split(first["metrics"]["command"])
    assert "--pod" in beside


def test_it_shares_database_redis_and_store_and_makes_no_backup():
    required = ("CCD_DATABASE_URL", "CCD_REDIS_URL", "CCD_S3_BUCKET")
    for name, service in active(SECOND).items():
        for variable in required:
            assert service["environment"][variable] == f"${{{variable}:?}}", name
        assert service["environment"]["CCD_BACKUP_DIR"] == "", name


@pytest.mark.parametrize("file", [SHARED, SECOND])
def test_ports_are_open_on_the_private_address_only(file):
    first = {port for each in compose.services().values() for port in each.get("ports", ())}
    for name, service in active(file).items():
        for port in service.get("ports", ()):
            private = port.startswith("${CCD_LISTEN:?}:")
            assert private or (file == SHARED and port in first), (name, port)


def test_the_proxy_gets_the_ports_of_both():
    own = {p.split(":")[-2] for n in HERE for p in compose.services()[n].get("ports", ())}
    others = {p.split(":")[-2] for each in active(SECOND).values() for p in each.get("ports", ())}
    text = (compose.ROOT / "docs" / "operations" / "scaling.md").read_text()

    assert own == others
    assert set(re.findall(r"10\.0\.0\.12:(\d+)", text)) == others


def test_redis_on_the_network_has_a_password_that_its_health_check_knows():
    redis = services(SHARED)["redis"]
    own = compose.services()["redis"]["command"]

    assert redis["command"] == f'{own} --requirepass "${{CCD_REDIS_PASSWORD:?}}"'
    assert redis["environment"]["REDISCLI_AUTH"] == "${CCD_REDIS_PASSWORD:?}"


def test_both_machines_fit_the_database():
    first = compose.site_services()
    second = {name: each for name, each in active(SECOND).items() if name != "prepare"}
    reached = sum(
        compose.processes(each) * int(each["environment"]["CCD_DATABASE_POOL"])
        for each in (*first.values(), *second.values())
    )

    text = (compose.ROOT / "docs" / "operations" / "scaling.md").read_text()
    (documented,) = re.findall(r"`CCD_MAX_CONNECTIONS=(\d+)`", text)
    assert reached <= int(documented) - KEPT_FREE


def test_what_the_files_ask_for_is_documented():
    text = (compose.ROOT / "docs" / "operations" / "scaling.md").read_text()
    for file in (SHARED, SECOND):
        assert f"COMPOSE_FILE=docker-compose.yml:{file}" in text
        for variable in re.findall(r"\$\{(\w+):\?\}", (compose.ROOT / file).read_text()):
            assert variable in text or variable.startswith("CCD_S3_"), variable
