import re
import shlex
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import load_command_class

from hackathon.fixed_settings import EVERYONE, SECRETS
from tests.operations import compose

DIRECTORY = compose.ROOT / "deploy" / "kubernetes"
SETTINGS = compose.ROOT / "hackathon" / "settings.py"
# What is otherwise in Kubernetes: names for addresses; TLS ends before it.
REPLACED = (
    (r"server (web|live)\.ccd\.svc\.cluster\.local:\d+ resolve[^;]*;", "server;"),
    (r"server 127\.0\.0\.1:(\d+)[^;]*;", "server;"),
    (r"http://(ccd_uploads|\$ccd_uploads_host:8002);", "http://uploads;"),
    (r"include /(tmp/resolver|run/ccd-https?-(ipv6|trusted)\*)\.conf;", ""),
    (r"real_ip_\w+ [^;]*;|zone \w+ 64k;", ""),
    (r"upstream ccd_uploads {|hash \$ccd_upload consistent;", ""),
    (r"split_clients [^{]*{|(50%|\*) uploads-\d\.uploads\.ccd\.svc\.cluster\.local;", ""),
    (r"listen [^;]*;|http2 on;|ssl_\w+ [^;]*;", ""),
    (r"X-Forwarded-Proto (\$scheme|https)", "X-Forwarded-Proto"),
    (r"X-Real-IP \$(remote_addr|http_x_real_ip)", "X-Real-IP"),
)


PATCHED = {"web", "live", "uploads", "mail", "worker", "beat"}


@cache
def built() -> str:
    """What `kubectl apply -k` sends."""
    if shutil.which("kustomize") is None:
        pytest.skip("kustomize is not installed")
    done = subprocess.run(
        ["kustomize", "build", DIRECTORY], capture_output=True, text=True, check=True
    )
    return done.stdout


def manifests() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(built()))


def pods() -> dict[str, dict[str, Any]]:
    found = {}
    for document in manifests():
        spec = document.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if "template" in spec:
            found[document["metadata"]["name"]] = spec["template"]["spec"]
    return found


def containers() -> list[tuple[str, dict[str, Any]]]:
    return [
        (name, container)
        for name, pod in pods().items()
        for container in (*pod.get("initContainers", ()), *pod["containers"])
    ]


def test_every_manifest_is_applied():
    assert len(manifests()) > 10
    kustomization = (DIRECTORY / "kustomization.yaml").read_text()
    unused = {p.name for p in DIRECTORY.iterdir() if p.name not in kustomization}
    assert unused == {"kustomization.yaml", "README.md"}


@pytest.mark.parametrize("name", ["web", "live", "uploads", "mail", "worker", "beat", "metrics"])
def test_the_commands_are_those_of_compose(name):
    service = compose.services()["web-a" if name == "web" else name]
    (container,) = pods()[name]["containers"]
    env = {each["name"]: each["value"] for each in container["env"]}

    assert container["command"] == shlex.split(service["command"])
    assert env["CCD_PROCESS"] == service["environment"]["CCD_PROCESS"]
    assert env["CCD_DATABASE_POOL"] == service["environment"]["CCD_DATABASE_POOL"]
    assert "livenessProbe" in container or name == "metrics"


def test_the_first_start_migrates_and_gives_the_code_for_the_first_organizer():
    """Static files are in the image here."""
    (container,) = pods()["prepare"]["containers"]
    steps = shlex.split(compose.services()["prepare"]["command"])[-1].split(" && ")

    assert container["command"][-1].split(" && ") == [s for s in steps if "collect" not in s]


def test_no_pod_runs_as_root_and_every_one_has_a_limit():
    for name, container in containers():
        security = container["securityContext"]
        assert security["runAsNonRoot"], name
        assert security["readOnlyRootFilesystem"], name
        assert container["resources"]["limits"]["memory"], name


def test_volumes_that_are_mounted_exist():
    claims = {d["metadata"]["name"] for d in manifests() if d["kind"] == "PersistentVolumeClaim"}
    templates = {
        claim["metadata"]["name"]
        for document in manifests()
        for claim in document.get("spec", {}).get("volumeClaimTemplates", ())
    }
    for pod in pods().values():
        for volume in pod["volumes"]:
            assert volume.get("persistentVolumeClaim", {}).get("claimName", "backups") in claims
    for name, container in containers():
        volumes = {volume["name"] for volume in pods()[name]["volumes"]} | templates
        assert {mount["name"] for mount in container["volumeMounts"]} <= volumes, name


def test_commands_of_the_site_take_their_arguments():
    found = [
        words
        for _, c in containers()
        if (words := c.get("command", []))[:2] == ["python", "manage.py"]
    ]

    assert {words[2] for words in found} == {"backup", "metrics"}
    for words in found:
        command = load_command_class("hackathon.run.operations", words[2])
        command.create_parser("manage.py", words[2]).parse_args(words[3:])


def test_prometheus_finds_the_metrics_of_every_pod():
    scraped = set()
    for document in manifests():
        template = document.get("spec", {}).get("template", {})
        notes = template.get("metadata", {}).get("annotations", {})
        if notes.get("prometheus.io/scrape") == "true":
            pod = template["spec"]
            ports = {
                port["containerPort"]
                for container in (*pod.get("initContainers", ()), *pod["containers"])
                if container["name"] == "metrics"
                for port in container["ports"]
            }
            assert ports == {int(notes["prometheus.io/port"])}
            assert notes["prometheus.io/path"] == "/metrics"
            scraped.add(document["metadata"]["name"])

    assert scraped == PATCHED | {"metrics"}
    # What is the same in all pods is checked in one.
    beside = [c for name, c in containers() if name in PATCHED and c["name"] == "metrics"]
    assert all("--pod" in c["command"] for c in beside)


def test_the_backup_has_a_volume_whose_age_is_watched():
    backup, metrics = pods()["backup"], pods()["metrics"]
    (container,), (watching,) = backup["containers"], metrics["containers"]
    directory = container["command"][3]
    passphrase = container["command"][5]
    mounted = {mount["mountPath"]: mount["name"] for mount in container["volumeMounts"]}

    assert mounted[directory] == "backups"
    assert mounted[str(Path(passphrase).parent)] == "passphrase"
    assert {"name": "CCD_BACKUP_DIR", "value": directory} in watching["env"]
    assert {"name": "backups", "mountPath": directory, "readOnly": True} in watching["volumeMounts"]
    (rule,) = backup["affinity"]["podAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    assert rule["labelSelector"]["matchLabels"]["app.kubernetes.io/component"] == "metrics"


def test_the_secret_has_what_every_pod_would_otherwise_make_for_itself():
    """Files of a data directory that no two pods share."""
    text = (compose.ROOT / "docs" / "operations" / "scaling.md").read_text()
    kept = re.findall(r'env.str\("(CCD_\w+)", ""\) or _kept_secret', SETTINGS.read_text())

    assert kept == ["CCD_PUSH_SECRET"]
    assert all(f"`{name}`" in text for name in (*kept, "CCD_SECRET_KEY"))


# What each of the Secrets has (docs/operations/scaling.md).
OF_SECRET = {
    "ccd": {"CCD_DATABASE_PASSWORD", "CCD_SENTRY_DSN"},  # with the URL of the database and of Redis
    "ccd-signing": {"CCD_SECRET_KEY", "CCD_FORMER_SECRET_KEYS"},
    "ccd-store": {"CCD_S3_SECRET_KEY"},
    "ccd-smtp": {"CCD_SMTP_PASSWORD"},
    "ccd-push": {"CCD_PUSH_SECRET"},
    "ccd-university": {"CCD_OIDC_CLIENT_SECRET"},
}


def test_each_pod_gets_only_the_secrets_that_it_needs():
    text = (compose.ROOT / "docs" / "operations" / "scaling.md").read_text()
    seen = set()
    for name, container in containers():
        env = {one["name"]: one.get("value") for one in container.get("env", ())}
        given = {
            one["secretRef"]["name"] for one in container.get("envFrom", ()) if "secretRef" in one
        }
        if "CCD_PROCESS" not in env:
            assert not given, name
            continue
        process = env["CCD_PROCESS"]
        seen.add(process)
        needed = {secret for secret, processes in SECRETS.items() if process in processes}
        # `prepare` gets the former keys too, which are in the same Secret.
        needed |= {"CCD_FORMER_SECRET_KEYS"} if process == "prepare" else set()
        assert set().union(*(OF_SECRET[one] for one in given)) == needed, (name, process)
    assert seen == set(EVERYONE)
    assert all(f"`{name}`" in text for name in (*OF_SECRET, "ccd-backup"))


def test_two_processes_of_each_kind_fit_the_database():
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
            beside = document["spec"]["template"]["spec"].get("initContainers", ())
            each = compose.processes(service) * pool + len(beside)
            reached += document["spec"]["replicas"] * each

    text = (compose.ROOT / "docs" / "operations" / "scaling.md").read_text()
    assert f"{reached} connections" in " ".join(text.split()), reached


def test_a_pod_that_comes_back_with_another_address_is_found():
    """nginx asks once, at its start, for a name without `resolve`; for all pods of a service if it
    has no address of its own.
    """
    conf = (DIRECTORY / "nginx.conf").read_text()
    services = {d["metadata"]["name"]: d["spec"] for d in manifests() if d["kind"] == "Service"}
    (nginx,) = (c for name, c in containers() if (name, c["name"]) == ("proxy", "nginx"))

    names = re.findall(r"server ([^;{]+) resolve[^;]*;", conf)
    assert len(names) == conf.count("  server ") == conf.count("  zone ccd_") == 2
    uploads = re.findall(r"(?:50%|\*) (\S+);", conf)
    (replicas,) = (d["spec"]["replicas"] for d in manifests() if d["kind"] == "StatefulSet")
    assert [host.split(".")[0] for host in uploads] == [f"uploads-{n}" for n in range(replicas)]
    for host in (*names, *uploads):
        service, namespace = host.split(".svc.cluster.local")[0].split(".")[-2:]
        assert namespace == manifests()[0]["metadata"]["name"] == "ccd"
        assert services[service]["clusterIP"] == "None"
    assert "/tmp/resolver.conf" in nginx["command"][-1]  # noqa: S108
    major, minor = map(int, nginx["image"].rpartition(":")[2].split("@")[0].split(".")[:2])
    assert (major, minor) >= (1, 28)


@pytest.mark.parametrize("name", ["web", "live"])
def test_a_pod_ends_after_the_proxy_has_forgotten_it(name):
    pod = pods()[name]
    (container,) = pod["containers"]
    program, seconds = container["lifecycle"]["preStop"]["exec"]["command"]
    grace = compose.services()["web-a" if name == "web" else name].get("stop_grace_period", "10s")

    assert program == "sleep"
    assert int(seconds) >= 2 * 5  # how long nginx keeps an address
    needed = int(seconds) + int(grace.removesuffix("s"))
    assert pod["terminationGracePeriodSeconds"] >= needed


def test_the_job_makes_room_for_its_successor():
    (job,) = (d for d in manifests() if d["kind"] == "Job")

    assert job["spec"]["ttlSecondsAfterFinished"] <= 600


def test_the_configuration_of_the_proxy_is_the_same_but_for_names():
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


def test_the_main_file_of_the_proxy_differs_only_in_what_a_pod_may_write():
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


def test_scripts_have_no_mistakes():
    scripts = [p for p in Path(compose.ROOT / "deploy").iterdir() if p.is_file()]
    shell = [p for p in scripts if p.read_text().startswith("#!/bin/bash")]
    assert {p.name for p in shell} >= {"install", "pin-images", "upgrade", "pitr", "copy-away"}
    assert all("set -euo pipefail" in p.read_text() for p in shell)
