"""deploy/upgrade fails or is interrupted at each of its steps. tests/operations/docker stands for
docker.
"""

import re
import shutil
from pathlib import Path

import pytest

from tests.operations import compose
from tests.operations.scripts import git, run

SWAPPED = "ALTER DATABASE ccd_former RENAME TO ccd"
FILES = (
    *("deploy/upgrade", "deploy/nginx.conf", "deploy/nginx-main.conf"),
    *("deploy/images", "deploy/pin-images"),
)
PROXY = "compose up -d --wait --wait-timeout=600 --no-deps --force-recreate proxy"
SITE = "web-a web-b live uploads mail worker beat metrics"
WAIT = f"compose up -d --wait --wait-timeout=600 {SITE} database redis"
START = (WAIT, PROXY.replace(" --force-recreate", ""))
UP = "compose up -d --remove-orphans"  # everything, last


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A clone whose origin has one version more, and another one tagged."""
    origin = tmp_path / "origin"
    (origin / "deploy").mkdir(parents=True)
    for name in ("docker-compose.yml", ".gitignore", *FILES):
        shutil.copy(compose.ROOT / name, origin / name)
    git(origin, "init", "-q", "-b", "main")
    commit(origin, "first")
    git(tmp_path, "clone", "-q", str(origin), str(tmp_path / "project"))
    commit(origin, "second")
    git(origin, "tag", "v2")
    return tmp_path / "project"


def commit(origin: Path, text: str, file: str = "text") -> None:
    with (origin / file).open("a") as changed:
        changed.write(f"# {text}\n")
    git(origin, "add", "-A")
    git(origin, "commit", "-qm", text)


def calls(project: Path) -> list[str]:
    return (project.parent / "docker.log").read_text().splitlines()


def head(project: Path) -> str:
    return git(project, "log", "-1", "--format=%s")


def asked(project: Path, text: str) -> bool:
    return any(text in call for call in calls(project))


@pytest.mark.parametrize(
    "step",
    ["^compose config", "manage.py backup", "^compose build", "DROP DATABASE IF EXISTS ccd_former"],
)
def test_before_the_site_is_stopped_nothing_has_to_be_started(project, step):
    done = run("upgrade", project, FAKE_FAIL=step)

    assert done.returncode == 1
    assert "Nothing was changed" in done.stdout or "The site still runs" in done.stdout
    assert head(project) == "first"
    assert not asked(project, "compose stop")


@pytest.mark.parametrize(
    ("step", "swapped"),
    [
        ("^compose stop web-a", False),
        ("SELECT format", False),
        ("pg_terminate_backend", False),
        ("CREATE DATABASE", False),
        (" prepare$", True),
        ("check --deploy", True),
    ],
)
@pytest.mark.parametrize("how", ["FAKE_FAIL", "FAKE_HANGUP"])
def test_the_former_version_is_started_wherever_it_ends(project, how, step, swapped):
    done = run("upgrade", project, **{how: step})

    log = project / "var" / "upgrade.log"  # after it has lost its terminal
    output_text = done.stdout + (log.read_text() if log.exists() else "")
    assert done.returncode == 1
    assert "The former version runs again" in output_text, output_text
    assert head(project) == "first"
    assert asked(project, SWAPPED) is swapped
    assert [call for call in calls(project) if "psql" not in call][-3:] == [*START, UP]
    assert git(project, "status", "--porcelain") == ""


def test_a_process_that_does_not_become_healthy_is_not_the_end(project):
    done = run("upgrade", project, FAKE_FAIL=WAIT)

    assert done.returncode == 1
    assert "A second try is safe: docker compose up -d --wait" in done.stdout
    assert "var/failed-upgrade.log" in done.stdout
    assert (project / "var" / "failed-upgrade.log").exists()
    assert asked(project, SWAPPED)
    assert head(project) == "first"


def test_a_version_that_compares_times_finds_old_static_files(project):
    """As those of before its own `collectstatic`."""
    age = "find /static -type f -exec touch -d @0 {} +"

    run("upgrade", project, FAKE_FAIL=" prepare$")
    without = calls(project)
    own = project / "hackathon" / "base" / "core" / "management" / "commands" / "collectstatic.py"
    own.parent.mkdir(parents=True)
    own.touch()  # not in git, so that both versions have it
    run("upgrade", project, FAKE_FAIL=" prepare$")

    aged = [call for call in without if call.endswith(age)]
    assert len(aged) == 1
    assert without.index(aged[0]) < without.index(WAIT)
    assert sum(call.endswith(age) for call in calls(project)) == 1


def test_only_the_images_of_this_version_and_of_the_former_one_stay(project):
    failed = run("upgrade", project, FAKE_FAIL=" prepare$")
    pruned_after_failure = asked(project, "prune")
    done = run("upgrade", project)

    title = "org.opencontainers.image.title=ccd"
    assert (failed.returncode, pruned_after_failure, done.returncode) == (1, False, 0)
    assert asked(project, f"image prune -f --filter label={title}")
    assert asked(project, "builder prune -f --filter until=24h")
    assert f"\nLABEL {title}\n" in (compose.ROOT / "Dockerfile").read_text()
    assert asked(project, "image tag ccd:latest ccd:former")


def test_databases_that_cannot_be_exchanged_are_not_used_by_the_former_version(project):
    failed = run("upgrade", project, FAKE_FAIL=f"{SWAPPED}| prepare$")
    started_at_once = asked(project, "compose up")
    plain = run("upgrade", project)
    back = run("upgrade", project, "--back")
    again = run("upgrade", project, "--back")

    assert (failed.returncode, started_at_once) == (2, False)
    assert "deploy/upgrade --back" in failed.stdout
    assert plain.returncode == 1
    assert "deploy/upgrade --back" in plain.stdout
    assert back.returncode == 0, back.stdout + back.stderr
    assert head(project) == "first"
    assert calls(project)[-1] == UP
    assert again.returncode == 1
    assert "Nothing was done" in again.stdout


def test_files_that_cannot_be_written_leave_the_former_processes(project):
    hook = project / ".git" / "hooks" / "post-checkout"
    hook.write_text("#!/bin/sh\ngit symbolic-ref -q HEAD\n")  # refuses a HEAD without a branch
    hook.chmod(0o755)

    failed = run("upgrade", project, FAKE_FAIL="manage.py check")
    started = [call for call in calls(project) if call.startswith(("compose start", "compose up"))]
    hook.unlink()
    back = run("upgrade", project, "--back")

    assert failed.returncode == 1
    assert "deploy/upgrade --back" in failed.stdout
    assert started == [f"compose start {SITE}"]
    assert back.returncode == 0, back.stdout + back.stderr
    assert calls(project)[-1] == UP


def test_without_an_argument_the_branch_is_found_again(project):
    """After going back, and after a tag, git is on no branch."""
    run("upgrade", project, FAKE_FAIL="check --deploy")
    after_failure = run("upgrade", project)
    heads = [head(project)]
    run("upgrade", project, "v2")
    commit(project.parent / "origin", "third")
    after_tag = run("upgrade", project)
    heads.append(head(project))

    assert after_failure.returncode == 0, after_failure.stdout + after_failure.stderr
    assert after_tag.returncode == 0, after_tag.stdout + after_tag.stderr
    assert heads == ["second", "third"]


def test_a_clone_that_was_on_no_branch_before_takes_that_of_its_origin(project):
    git(project, "checkout", "-q", "--detach")

    done = run("upgrade", project)

    assert done.returncode == 0, done.stdout + done.stderr
    assert head(project) == "second"


def test_the_proxy_is_made_again_only_for_another_configuration(project):
    run("upgrade", project)
    same = asked(project, PROXY)
    commit(project.parent / "origin", "third", "deploy/nginx.conf")
    other = run("upgrade", project)

    assert other.returncode == 0, other.stdout + other.stderr
    assert not same
    found = calls(project)
    assert found.index("compose run --rm --no-deps -T proxy nginx -t") < found.index(PROXY)
    assert (found[found.index(PROXY) - 1], found[found.index(PROXY) + 1]) == (WAIT, UP)


def test_a_configuration_that_the_proxy_refuses_stops_nothing(project):
    commit(project.parent / "origin", "third", "deploy/nginx.conf")

    done = run("upgrade", project, FAKE_FAIL="nginx -t$")

    assert done.returncode == 1
    assert not asked(project, "compose stop")
    assert head(project) == "first"


def test_going_back_gives_the_proxy_its_former_configuration(project):
    commit(project.parent / "origin", "third", "deploy/nginx-main.conf")

    done = run("upgrade", project, FAKE_FAIL=f"{PROXY}$")

    assert done.returncode == 1
    assert calls(project).count(PROXY) == 2
    assert asked(project, SWAPPED)


def test_while_the_site_is_down_nothing_is_prepared_twice(project):
    run("upgrade", project)

    runs = [call for call in calls(project) if call.startswith("compose run")]
    assert len(runs) == 3, runs  # backup, prepare, checks
    assert all("--no-deps" in call for call in runs)


def test_an_untrusted_certificate_does_not_cause_a_rollback(project):
    done = run("upgrade", project, FAKE_FAIL=f"^{UP}$")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "The new version runs" in done.stdout
    assert "certificates" not in WAIT


def test_secrets_that_are_new_in_a_version_are_made_empty(project):
    (project / "secrets").mkdir()
    (project / "secrets" / "secret-key").write_text("kept")

    done = run("upgrade", project)

    made = {path.name: path.read_text() for path in (project / "secrets").iterdir()}
    wanted = {Path(each["file"]).name for each in compose.document()["secrets"].values()}
    assert done.returncode == 0, done.stdout + done.stderr
    assert made == {**dict.fromkeys(wanted, ""), "secret-key": "kept"}


@pytest.mark.parametrize("pinned", [False, True])
def test_a_good_upgrade_reminds_of_images_without_a_digest(project, pinned):
    listed = re.findall(r"^(CCD_IMAGE_\w+) (\S+)$", (project / "deploy/images").read_text(), re.M)
    lines = (f"{name}={image}@sha256:{'0' * 64}\n" for name, image in listed)
    (project / ".env").write_text("".join(lines) if pinned else "CCD_DOMAIN=localhost\n")

    done = run("upgrade", project)
    failed = run("upgrade", project, "v2", FAKE_FAIL="manage.py backup")

    assert listed
    assert done.returncode == 0, done.stdout + done.stderr
    assert ("deploy/pin-images" in done.stdout) != pinned
    assert "deploy/pin-images" not in failed.stdout
