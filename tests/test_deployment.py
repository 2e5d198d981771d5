"""When the tests of deployment run."""

from pathlib import Path

import pytest

from tests import deployment

pytestmark = pytest.mark.system


def git(*arguments: str) -> str:
    done = deployment._git("-c", "user.name=x", "-c", "user.email=x@example.org", *arguments)
    assert done is not None
    return done


def commit(path: str) -> None:
    changed = deployment.ROOT / path
    changed.parent.mkdir(exist_ok=True)
    changed.write_text("")
    git("add", path)
    git("commit", "-m", path)


@pytest.fixture(autouse=True)
def clone(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("CCD_LANDED", raising=False)
    monkeypatch.setattr(deployment, "ROOT", tmp_path)
    git("init", "-b", "main")
    commit("manage.py")


def test_a_clone_without_history_runs_all():
    assert deployment.unchanged_since() is None


@pytest.mark.parametrize(
    ("path", "is_left_out"), [("teams/rules.py", True), ("deploy/install", False)]
)
def test_what_changed_since_the_branch_left_main_decides(path, is_left_out):
    base = git("rev-parse", "HEAD")
    git("checkout", "-b", "branch")
    commit(path)
    commit("docs.md")

    assert deployment.unchanged_since() == (base if is_left_out else None)


def test_on_main_all_run_unless_a_landed_commit_is_named(monkeypatch):
    landed = git("rev-parse", "HEAD")
    commit("teams.py")

    assert deployment.unchanged_since() is None
    monkeypatch.setenv("CCD_LANDED", landed)
    assert deployment.unchanged_since() == landed
    (deployment.ROOT / "Dockerfile").write_text("not committed yet")
    assert deployment.unchanged_since() is None


def test_each_path_exists(monkeypatch):
    monkeypatch.setattr(deployment, "ROOT", Path(__file__).parent.parent)

    assert [path for path in deployment.GUARDED if not deployment._git("ls-files", path)] == []
    assert [n for n in deployment.OF_THE_SITE if not Path("tests/operations", n).exists()] == []
