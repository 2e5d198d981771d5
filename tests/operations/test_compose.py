import re
import subprocess
import sys

import pytest
import yaml

from bench.night.processes import WORKER_NICENESS
from hackathon.fixed_settings import SECRETS
from tests.operations import compose
from tests.submissions.tus.servers import environment

# PostgreSQL keeps 3 for its superuser; backup, restore and other commands need some.
KEPT_FREE = 13


def test_every_process_waits_for_the_migrations():
    waits = {
        name: service["depends_on"].get("prepare", {}).get("condition")
        for name, service in compose.site_services().items()
    }

    assert len(waits) >= 7
    assert set(waits.values()) == {"service_completed_successfully"}
    assert "manage.py migrate" in compose.services()["prepare"]["command"]


def test_every_service_has_a_health_check():
    without = [name for name, service in compose.services().items() if "healthcheck" not in service]

    assert without == ["prepare"]
    conditions = {
        needed["condition"]
        for service in compose.services().values()
        for name, needed in service.get("depends_on", {}).items()
        if name in compose.SERVERS
    }
    assert conditions == {"service_healthy"}


def test_the_proxy_is_started_and_healthy_while_the_site_is_away():
    """What waits for a service that is unhealthy ends `docker compose up`: the site would stay
    away.
    """
    waiting = {
        name: needed["proxy"]["condition"]
        for name, service in compose.services().items()
        if "proxy" in (needed := service.get("depends_on", {}))
    }
    check = compose.services()["proxy"]["healthcheck"]["test"][-1]

    assert waiting == {"certificates": "service_started"}
    assert "depends_on" not in compose.services()["proxy"]
    assert check == "http://127.0.0.1/"  # answered by nginx alone: test_proxy.py


def test_a_slow_machine_has_minutes_to_become_healthy():
    periods = {
        service["healthcheck"].get("start_period") for service in compose.site_services().values()
    }

    assert periods == {"5m"}


def test_one_service_builds_the_image_and_none_takes_it_from_elsewhere():
    ours = {**compose.site_services(), "prepare": compose.services()["prepare"]}

    assert [n for n, service in compose.services().items() if "build" in service] == ["prepare"]
    assert {service["image"] for service in ours.values()} == {"ccd:latest"}
    assert {service["pull_policy"] for service in ours.values()} == {"never"}


def test_all_pools_together_fit_the_database():
    reached = {
        name: compose.processes(service) * int(service["environment"]["CCD_DATABASE_POOL"])
        for name, service in compose.site_services().items()
    }

    assert sum(reached.values()) <= compose.max_connections() - KEPT_FREE, reached


def test_each_thread_of_a_page_finds_a_connection():
    """Requests use one each; the sign of life another one."""
    for name in ("web-a", "web-b"):
        env = compose.services()[name]["environment"]
        assert int(env["CCD_DATABASE_POOL"]) > int(env["CCD_WEB_THREADS"])


def test_every_queue_has_a_worker_and_mail_one_of_its_own():
    from hackathon.celery import app

    served = {
        name: set(queues.split(","))
        for name, service in compose.site_services().items()
        if (queues := compose.option(service, "--queues"))
    }

    assert set.union(*served.values()) == set(app.conf.task_queues)
    assert served["mail"] == {"mail"}
    assert sum("mail" in queues for queues in served.values()) == 1


def test_pages_and_uploads_come_before_background_work():
    shares = {
        name: service.get("cpu_shares", compose.USUAL_SHARES) / compose.USUAL_SHARES
        for name, service in compose.site_services().items()
    }

    assert {shares[name] for name in ("web-a", "web-b", "live", "uploads")} == {1}
    # The benchmark of the night has no containers: one step of niceness is a factor of 1.25.
    assert shares["worker"] == shares["mail"] == pytest.approx(1.25**-WORKER_NICENESS, rel=0.2)


def test_no_container_runs_as_root_or_writes_where_it_need_not():
    ours = {**compose.site_services(), "prepare": compose.services()["prepare"]}
    as_root = {name for name, service in compose.services().items() if "user" not in service}

    assert {service["user"] for service in ours.values()} == {"1000:1000"}
    assert as_root == set(compose.PROXY)  # the file says why
    for name, service in compose.services().items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "cap_add" not in service or name == "proxy", name
        assert service.get("mem_limit"), name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["logging"]["options"]["max-size"], name


def test_the_sizes_that_are_asked_for_beforehand_count_the_logs_of_all_containers():
    usual = set(compose.services()) - {"prepare", *compose.OPTIONAL}
    options = [service["logging"]["options"] for service in compose.services().values()]
    each = {int(o["max-size"].removesuffix("m")) * int(o["max-file"]) for o in options}

    assert each == {500}
    said = " ".join((compose.ROOT / "docs/operations.md").read_text().split())
    assert f"500 MB for each of {len(usual)} services, {len(usual) // 2} GB together" in said
    assert f"{len(compose.OPTIONAL)} services more".replace("4", "four") in said
    install = (compose.ROOT / "deploy/install").read_text()
    assert f"500 MB of logs for each of {len(usual)} containers" in install


def test_secrets_are_files_and_never_values():
    defined = compose.document()["secrets"]

    assert all(set(secret) == {"file"} for secret in defined.values())
    for name, service in compose.services().items():
        used = {
            str(v).removeprefix("/run/secrets/")
            for v in service.get("environment", {}).values()
            if str(v).startswith("/run/secrets/")
        }
        assert used <= set(service.get("secrets", ())), name
        assert set(service.get("secrets", ())) <= set(defined), name
    text = (compose.ROOT / "docker-compose.yml").read_text()
    for secret in SECRETS:
        assert f"{secret}:" not in text


def documented_settings() -> set[str]:
    """`CCD_SMTP_HOST`, `_PORT` in the table of docs/operations.md are two."""
    text = (compose.ROOT / "docs" / "operations.md").read_text()
    table = text.partition("## Settings")[2].partition("\n## ")[0]
    found = set()
    for line in table.splitlines():
        names = re.findall(r"`(\w+)`", line.split("|")[1]) if line.startswith("|") else []
        for name in names:
            prefix = names[0].rpartition("_")[0] if name.startswith("_") else ""
            found.add(prefix + name)
    return found


# The volumes, the proxy, the health checks and the arithmetic of connections need these values.
FIXED = {
    "CCD_HTTPS",
    "CCD_DATA_DIR",
    "CCD_STATIC_ROOT",
    "CCD_BACKUP_DIR",
    "CCD_HEARTBEAT_FILE",
    "CCD_METRICS_DIR",
    "CCD_PROCESS",
    "CCD_WEB_THREADS",
    "CCD_DATABASE_POOL",
}


def needed_by(name: str) -> set[str]:
    """The secrets of this service. A process that lacks one of the others works without it."""
    process = compose.services()[name]["environment"]["CCD_PROCESS"]
    passphrase = {"CCD_BACKUP_PASSPHRASE"} if process == "worker" else set()
    return {secret for secret, processes in SECRETS.items() if process in processes} | passphrase


@pytest.mark.parametrize("name", [*compose.site_services(), "prepare"])
def test_each_process_gets_only_the_secrets_that_it_needs(name):
    service = compose.services()[name]
    files = {
        key.removesuffix("_FILE"): str(value).removeprefix("/run/secrets/")
        for key, value in service["environment"].items()
        if str(value).startswith("/run/secrets/")
    }

    assert set(files) == needed_by(name)
    assert set(service["secrets"]) == set(files.values())


def test_every_setting_reaches_every_process():
    """From .env, or as a file if it is a secret."""
    documented = documented_settings()
    read = set(
        re.findall(r'env\.\w+\(\s*"(\w+)"', (compose.ROOT / "hackathon/settings.py").read_text())
    )
    raw = yaml.safe_load((compose.ROOT / "docker-compose.yml").read_text())["services"]
    files = {f"{name}_FILE" for name in SECRETS} | {"CCD_BACKUP_PASSPHRASE_FILE"}

    assert len(documented) > 50
    assert {name for name in read if name.startswith("CCD_")} - {"CCD_NODE_MODULES"} <= documented
    for name in (*compose.site_services(), "prepare"):
        environment = raw[name]["environment"]
        assert raw[name]["env_file"] == [".env"], name
        for setting in (documented & set(environment)) - FIXED - files:
            assert environment[setting].startswith(f"${{{setting}:-"), (name, setting)
    assert raw["prepare"]["build"]["args"]["PACKAGES"] == "${CCD_PACKAGES:-}"
    assert {"CCD_EXTRAS", "CCD_PACKAGES"} <= set(documented)


def test_optional_services_are_profiles_with_a_documented_setting():
    pages = ("operations.md", "operations/scaling.md")
    text = "".join((compose.ROOT / "docs" / page).read_text() for page in pages)
    profiles = {n: s["profiles"] for n, s in compose.services().items() if "profiles" in s}

    assert profiles == {name: [profile] for name, profile in compose.OPTIONAL.items()}
    for profile in compose.OPTIONAL.values():
        assert f"COMPOSE_PROFILES={profile}" in text
    assert "CCD_CLAMAV=clamav:3310" in text
    assert "TCPSocket 3310\n" in (compose.ROOT / "deploy" / "clamd.conf").read_text()
    assert "CCD_S3_ENDPOINT=http://s3:8333" in text
    assert "-s3.port=8333" in compose.services()["s3"]["command"][0]
    for name, service in compose.services().items():
        assert name in profiles or not set(service.get("depends_on", ())) & set(profiles), name


def test_secrets_are_read_from_files(tmp_path):
    env = environment(CCD_DATABASE_URL="postgres://ccd@database/ccd", CCD_HTTPS="1")
    for name in SECRETS:
        (tmp_path / name).write_text(f"{name} of a file\n")
        env[f"{name}_FILE"] = str(tmp_path / name)
    del env["CCD_SENTRY_DSN_FILE"]
    code = "from hackathon.settings import *; print(SECRET_KEY, DATABASES['default']['PASSWORD'])"

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=compose.ROOT, env=env, capture_output=True, text=True
    )

    assert done.stdout == "CCD_SECRET_KEY of a file CCD_DATABASE_PASSWORD of a file\n", done.stderr
