"""The image alone, by the commands of docs/fr/installer.md, and what is in it."""

import json
import re

import pytest

from tests.containers.machines import MARKS, new_machines
from tests.containers.test_site import clone
from tests.waiting import wait_until

pytestmark = MARKS
CLOSED = ["--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL"]  # noqa: S108
CLOSED += ["--security-opt", "no-new-privileges"]
FILES = "cd / && find app usr/local/bin -type f -exec sha256sum {} + | sort -k 2"


@pytest.fixture
def host():
    with new_machines(("image", "")) as (machine,):
        clone(machine)
        machine.run("docker", "build", "--quiet", "--tag", "ccd", ".")
        yield machine


def status(host, name):
    said = ["--output", "/dev/null", "--write-out", "%{http_code}", "--header", f"Host: {name}"]
    return host.run("curl", "-s", *said, "http://127.0.0.1:8000/", code=None).stdout


def start(host, *options):
    command = ["docker", "run", "--detach", "--name", "try", "-p", "8000:8000", "-v", "try:/data"]
    host.run(*command, *options, "ccd")
    wait_until(lambda: status(host, "localhost") == "200", patience=300)


def passwords(host):
    return set(re.findall(r"charly-\w+", host.says("docker", "logs", "try")))


def test_the_image_alone_is_the_site_and_keeps_its_data(host):
    start(host, *CLOSED)
    alone, first = status(host, "192.168.1.10:8000"), passwords(host)
    said = host.says("docker", "logs", "try")
    user = host.says("docker", "exec", "try", "id", "-u")
    host.run("docker", "rm", "--force", "try")
    start(host, *CLOSED, "-e", "CCD_ADDRESS=192.168.1.10")

    assert (user, alone, status(host, "192.168.1.10:8000")) == ("1000", "400", "200")
    assert "CCD_ADDRESS" in said
    assert "http://192.168.1.10:8000/\n" in host.says("docker", "logs", "try")
    assert passwords(host) == first  # derived from the secret key, which is in the volume
    assert len(first) == 1


def test_the_image_has_no_tools_that_built_it_and_lists_what_it_has(host):
    inside = ["docker", "run", "--rm", "ccd"]
    tools = host.run(*inside, "sh", "-c", "command -v uv node npm gcc cc", code=None)
    bill = json.loads(host.says(*inside, "cat", "sbom.cdx.json"))
    packages = {each["purl"].partition("@")[0] for each in bill["components"]}

    assert tools.stdout == ""
    assert {"pkg:pypi/django", "pkg:npm/htmx.org", "pkg:deb/debian/rsync"} <= packages
    assert "contains libx264" in host.says(*inside, "cat", "LICENCES.txt")


def test_the_same_input_gives_the_same_files(host):
    first = host.says("docker", "run", "--rm", "--user", "0", "ccd", "sh", "-c", FILES)
    host.run("docker", "build", "--quiet", "--no-cache", "--tag", "ccd", ".")

    again = host.says("docker", "run", "--rm", "--user", "0", "ccd", "sh", "-c", FILES)
    assert again.splitlines() == first.splitlines()
