import re
import shlex
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tests.operations import compose

DIRECTORY = compose.ROOT / "deploy" / "kubernetes"
VERSION = "1.34"
# What is otherwise in Kubernetes: names for addresses; TLS ends before it.
REPLACED = (
    (r"server (web|live|uploads-\d\.uploads):(\d+)[^;]*;", "server;"),
    (r"server 127\.0\.0\.1:(\d+)[^;]*;", "server;"),
    (r"listen [^;]*;|http2 on;|ssl_\w+ [^;]*;", ""),
    (r"X-Forwarded-Proto (\$scheme|https)", "X-Forwarded-Proto"),
)


def manifests() -> list[dict[str, Any]]:
    kustomization = yaml.safe_load((DIRECTORY / "kustomization.yaml").read_text())
    return [
        document
        for name in kustomization["resources"]
        for document in yaml.safe_load_all((DIRECTORY / name).read_text())
    ]


def pods() -> dict[str, dict[str, Any]]:
    return {
        document["metadata"]["name"]: document["spec"]["template"]["spec"]
        for document in manifests()
        if "template" in document.get("spec", {})
    }


def test_the_manifests_are_valid() -> None:
    for document in manifests():
        kubernetes_validate.validate(document, VERSION, strict=True)
    kustomization = yaml.safe_load((DIRECTORY / "kustomization.yaml").read_text())
    given = [f.rpartition("=")[2] for f in kustomization["configMapGenerator"][1]["files"]]
    files = [*kustomization["resources"], *given, "site.env", "kustomization.yaml"]
    assert sorted(files) == sorted(path.name for path in DIRECTORY.iterdir())


@pytest.mark.parametrize("name", ["web", "live", "uploads", "mail", "worker", "beat", "metrics"])
def test_the_commands_are_those_of_compose(name: str) -> None:
    service = compose.services()["web-a" if name == "web" else name]
    (container,) = pods()[name]["containers"]
    env = {each["name"]: each["value"] for each in container["env"]}

    assert container["command"] == shlex.split(service["command"])
    assert env["CCD_PROCESS"] == service["environment"]["CCD_PROCESS"]
    assert env["CCD_DATABASE_POOL"] == service["environment"]["CCD_DATABASE_POOL"]
    assert "livenessProbe" in container or name == "metrics"


def test_the_first_start_migrates_and_gives_the_code_for_the_first_organizer() -> None:
    """Static files are in the image here."""
    (container,) = pods()["prepare"]["containers"]
    steps = shlex.split(compose.services()["prepare"]["command"])[-1].split(" && ")

    assert container["command"][-1].split(" && ") == [s for s in steps if "collect" not in s]


def test_no_pod_runs_as_root_and_every_one_has_a_limit() -> None:
    for name, pod in pods().items():
        for container in pod["containers"]:
            security = container["securityContext"]
            assert security["runAsNonRoot"], name
            assert security["readOnlyRootFilesystem"], name
            assert container["resources"]["limits"]["memory"], name


def test_two_of_each_fit_the_database() -> None:
    """PostgreSQL needs more connections than on one machine: docs/operations/scaling.md."""
    reached = 0
    for document in manifests():
        if (
            document["kind"] in ("Deployment", "StatefulSet")
            and document["metadata"]["name"] != "proxy"
        ):
            name = document["metadata"]["name"]
            service = compose.services()["web-a" if name == "web" else name]
            pool = int(service["environment"]["CCD_DATABASE_POOL"])
            reached += document["spec"]["replicas"] * compose.processes(service) * pool

    text = (compose.ROOT / "docs" / "operations" / "scaling.md").read_text()
    assert f"{reached} connections" in text


def test_the_configuration_of_the_proxy_is_the_same_but_for_names() -> None:
    ours = _plain((compose.ROOT / "deploy" / "nginx.conf").read_text())
    theirs = _plain((DIRECTORY / "nginx.conf").read_text())

    # Only the redirect of plain http is missing: the Ingress does it.
    missing = [line for line in ours if line not in theirs]
    assert [line for line in theirs if line not in ours] == []
    assert set(missing) <= {
        "location /.well-known/acme-challenge/ {",
        "root /srv/ccd/acme;",
        "return 301 https://$host$request_uri;",
        "location ~ ^/(api/v1|uploads|ws)/ {",
        "return 403;",
    }


def test_the_main_file_of_the_proxy_differs_only_in_what_a_pod_may_write() -> None:
    ours = _plain((compose.ROOT / "deploy" / "nginx-main.conf").read_text())
    theirs = _plain((DIRECTORY / "nginx-main.conf").read_text())

    assert {line.split()[0] for line in ours if line not in theirs} == {
        "pid",
        "error_log",
        "access_log",
    }
    own = [line for line in theirs if line not in ours]
    assert all("/tmp/" in line or "/dev/std" in line for line in own)  # noqa: S108


def _plain(text: str) -> list[str]:
    for pattern, replacement in REPLACED:
        text = re.sub(pattern, replacement, text)
    lines = (re.sub(r"#.*", "", line).strip() for line in text.splitlines())
    return [line for line in lines if line]


def test_scripts_have_no_mistakes() -> None:
    scripts = [p for p in Path(compose.ROOT / "deploy").iterdir() if p.is_file()]
    shell = [p for p in scripts if p.read_text().startswith("#!/bin/bash")]
    assert {p.name for p in shell} == {"install", "upgrade", "pitr"}
    assert all("set -euo pipefail" in p.read_text() for p in shell)
