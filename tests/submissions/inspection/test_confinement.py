"""What a file could do if it took over the process that opens it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from hackathon.base.core import confinement
from hackathon.base.core.sandbox import ROOT
from submissions.inspection.result import FindingCode, Result
from submissions.inspection.sandbox import MODULE

needs = pytest.mark.skipif(
    set(confinement.available()) != {"landlock", "seccomp"},
    reason="this kernel has neither Landlock nor seccomp",
)
# Runs in place of the inspectors, after the process has confined itself.
ATTACK = """
import ctypes, errno, json, os, platform, resource, socket, sys, threading
from submissions.inspection import __main__ as child
from submissions.inspection import dispatch

def tries(act):
    try:
        return str(act())
    except Exception as error:
        return type(error).__name__

libc = ctypes.CDLL(None, use_errno=True)

def calls(number, *arguments):
    # They are those of x86_64.
    if platform.machine() != "x86_64":
        return "PermissionError"
    failed = libc.syscall(number, *arguments) == -1 and ctypes.get_errno() == errno.EPERM
    return "PermissionError" if failed else "done"

def attack(job):
    parent = os.getppid()
    secret, other, folder = sys.argv[1:]
    results = {
        "own file": tries(lambda: open(job.path).read()) if hasattr(job, "path") else "",
        "environment": tries(lambda: b"stolen" in open(f"/proc/{parent}/environ", "rb").read()),
        "memory": tries(lambda: open(f"/proc/{parent}/mem", "rb").read(0)),
        "secret key": tries(lambda: open(secret).read()),
        "other deposit": tries(lambda: open(other).read()),
        "list": tries(lambda: os.listdir(folder)),
        "write": tries(lambda: open(folder + "/written", "w").write("x")),
        "remove": tries(lambda: os.unlink(other)),
        "network": tries(lambda: socket.socket() and "open"),
        "unix socket": tries(lambda: socket.socket(socket.AF_UNIX) and "open"),
        "program": tries(lambda: os.execv("/bin/true", ["true"])),
        "fork": tries(lambda: "forked" if os.fork() else os._exit(0)),
        "signal": tries(lambda: os.kill(parent, 0)),
        "signal to a thread": calls(234, parent, parent, 0),
        "signal with a value": calls(129, parent, 0, bytes(128)),
        "mode": tries(lambda: os.chmod(folder, 0o777)),
        "mode of an open file": tries(lambda: os.fchmod(0, 0o777)),
        "owner": tries(lambda: os.chown(other, os.getuid(), -1)),
        "times": tries(lambda: os.utime(other, (0, 0))),
        "attribute": tries(lambda: os.setxattr(other, "user.x", b"1")),
        "length": tries(lambda: os.truncate(other, 0)),
        "limit": tries(lambda: resource.prlimit(parent, resource.RLIMIT_CPU)),
        "priority": tries(lambda: os.setpriority(os.PRIO_PROCESS, parent, 19)),
        "processors": tries(lambda: os.sched_setaffinity(parent, {0})),
        "password file": tries(lambda: open("/etc/passwd").read(1)),
    }
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # its own
    thread = threading.Thread(target=lambda: results.update(thread="ran"))
    thread.start()
    thread.join()
    print(json.dumps(results), flush=True)
    return []

child.inspect = attack
child.main()
"""


def attack(job: dict[str, str], tmp_path: Path) -> dict[str, Any]:
    deposits = tmp_path / "deposits"
    deposits.mkdir()
    for path in (tmp_path / "secret-key", deposits / "other", deposits / "own"):
        path.write_text(path.name)
    answer = subprocess.run(
        [sys.executable, "-c", ATTACK, tmp_path / "secret-key", deposits / "other", deposits],
        input=json.dumps(job).encode(),
        capture_output=True,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        check=True,
    )
    facts: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    assert (deposits / "other").exists()
    assert not (deposits / "written").exists()
    return facts


@needs
def test_a_file_that_takes_over_the_inspector_reaches_nothing(tmp_path):
    job = {"path": str(tmp_path / "deposits" / "own"), "name": "own.pdf"}

    reached = attack(job, tmp_path)

    assert reached.pop("own file") == "own"
    assert reached.pop("thread") == "ran"
    assert {name: result for name, result in reached.items() if result != "PermissionError"} == {}


@needs
def test_the_check_of_a_link_has_the_network_and_no_file(tmp_path):
    reached = attack({"url": "https://example.org/"}, tmp_path)

    assert reached.pop("network") == reached.pop("unix socket") == "open"
    assert (reached.pop("own file"), reached.pop("thread")) == ("", "ran")
    assert {name: result for name, result in reached.items() if result != "PermissionError"} == {}


def test_the_data_directory_is_not_among_the_folders_that_may_be_read():
    folders = [Path(folder) for folder in confinement.readable(network=True)]

    assert not [f for f in folders if settings.DATA_DIR.is_relative_to(f)]
    assert not [f for f in folders if (ROOT / "var").is_relative_to(f)]


# What the process has loaded when it is done.
LOADED = """
import json, sys
from submissions.inspection import __main__ as child

before = set(sys.modules)
child.main()
print(json.dumps([sorted(before), sorted(sys.modules)]))
"""


def test_the_check_of_a_link_imports_its_libraries_inside_the_confinement():
    answer = subprocess.run(
        [sys.executable, "-c", LOADED],
        input=b'{"url": "http://127.0.0.1/"}',
        capture_output=True,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        check=True,
    )
    result, modules = answer.stdout.splitlines()
    before, after = json.loads(modules)

    assert Result.from_json(result).has(FindingCode.LINK_PRIVATE)
    assert "httpcore" not in before
    assert {"httpcore", "hackathon.base.core.outbound"} <= set(after)
    assert not {"celery", "django", "hackathon.celery"} & set(after)


def test_the_command_is_the_process_that_confines_itself():
    assert MODULE == "submissions.inspection"
