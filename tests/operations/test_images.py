"""The images of others: named in deploy/images, pinned by deploy/pin-images."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from tests.operations import compose
from tests.operations.scripts import run

LISTED = dict(
    line.split()
    for line in (compose.ROOT / "deploy" / "images").read_text().splitlines()
    if not line.startswith("#")
)
DIGEST = "sha256:" + "0123456789abcdef" * 4
FAKE = f"""#!/bin/bash
echo "$@" >>"$FAKE_LOG"
[[ $* =~ ${{FAKE_FAIL-nothing}} ]] && exit 1
echo "Name:      $4"
echo "Digest:    {DIGEST}"
echo "Manifests: "
echo "  Name:    $4@sha256:{"9" * 64}"
"""


def test_compose_names_the_listed_images_and_each_can_be_pinned():
    files = [path.read_text() for path in compose.ROOT.glob("docker-compose*.yml")]
    raw = [name for text in files for name in re.findall(r"^\s+image: (\S+)$", text, re.M)]
    pinned = [re.fullmatch(r"\$\{(\w+):-(.+)\}", image) for image in raw if image[:4] != "ccd:"]
    services = yaml.safe_load((compose.ROOT / "docker-compose.yml").read_text())["services"]
    args = services["prepare"]["build"]["args"]
    pinned += [re.fullmatch(r"\$\{(\w+):-(.+)\}", args[name]) for name in ("NODE", "PYTHON", "UV")]

    assert all(pinned)
    assert sorted(one.groups() for one in pinned if one) == sorted(
        (name, image) for name, image in LISTED.items() if "KUBERNETES" not in name
    )


def test_the_image_of_the_site_is_built_from_listed_ones():
    text = (compose.ROOT / "Dockerfile").read_text()
    defaults = dict(re.findall(r"^ARG (NODE|PYTHON|UV)=(.+)$", text, re.M))
    bases = re.findall(r"^FROM (\S+)", text, re.M)
    copied = set(re.findall(r"--from=(\S+)", text))

    assert {f"CCD_IMAGE_{name}": image for name, image in defaults.items()} == {
        name: LISTED[name] for name in ("CCD_IMAGE_NODE", "CCD_IMAGE_PYTHON", "CCD_IMAGE_UV")
    }
    assert {base.strip("${}") for base in bases} == set(defaults)
    assert copied == {"uv", "browser-packages", "database-tools", "build"}  # stages of this file


def test_kubernetes_names_the_listed_images():
    files = (compose.ROOT / "deploy" / "kubernetes").glob("*.yaml")
    named = {name for file in files for name in re.findall(r"image: (\S+)", file.read_text())}

    assert named == {"ccd", LISTED["CCD_IMAGE_KUBERNETES_PROXY"]}


def test_every_listed_image_has_a_version():
    assert len(LISTED) == 12
    assert all(re.search(r":v?\d[\w.-]*$", image) for image in LISTED.values())


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    (project / "deploy").mkdir(parents=True)
    for name in ("images", "pin-images"):
        shutil.copy(compose.ROOT / "deploy" / name, project / "deploy" / name)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "docker").write_text(FAKE)
    (tmp_path / "bin" / "docker").chmod(0o755)
    (project / ".env").write_text(f"CCD_DOMAIN=localhost\nCCD_IMAGE_REDIS=redis:7@{DIGEST}\n")
    return project


def test_pinning_writes_the_digests_of_the_registries(project):
    before = run("pin-images", project, "--check")
    done = run("pin-images", project)
    after = run("pin-images", project, "--check")
    again = run("pin-images", project)

    assert (before.returncode, done.returncode, after.returncode) == (1, 0, 0), done.stderr
    assert "not pinned: redis:8" in before.stdout  # only a former tag is
    assert (project / ".env").read_text().splitlines() == [
        "CCD_DOMAIN=localhost",
        *(f"{name}={image}@{DIGEST}" for name, image in LISTED.items()),
    ]
    assert (project / ".env").stat().st_mode & 0o077 == 0
    assert again.returncode == 0
    assert f"nginxinc/nginx-unprivileged:1.28@{DIGEST}" in done.stdout


def test_without_an_answer_nothing_is_pinned(project):
    before = (project / ".env").read_text()

    done = run("pin-images", project, FAKE_FAIL="certbot")

    assert done.returncode != 0
    assert (project / ".env").read_text() == before
