"""deploy/alertmanager/configure, and that a mail and a webhook come of an alert. The programs are
Debian's: promtool, and prometheus-alertmanager with amtool.
"""

import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests import services
from tests.operations import compose
from tests.operations.smtp import sink
from tests.operations.test_watch import serving
from tests.waiting import wait_until

DEPLOY = compose.ROOT / "deploy"
MAIL = {"CCD_ALERTS_MAIL": "a@school.example, b@school.example", "CCD_SMTP_HOST": "smtp.example"}
HOOK = {"CCD_ALERTS_WEBHOOK": "https://chat.example/it's"}


def configured(**env: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["sh", DEPLOY / "alertmanager" / "configure"],
        env={"PATH": "/usr/bin:/bin", **env},
        capture_output=True,
        text=True,
    )


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def test_without_anybody_to_tell_it_refuses_with_what_is_missing():
    nobody = configured(CCD_SMTP_HOST="smtp.example")
    no_server = configured(CCD_ALERTS_MAIL="a@school.example")

    assert (nobody.returncode, no_server.returncode) == (1, 1)
    assert "CCD_ALERTS_MAIL or CCD_ALERTS_WEBHOOK" in nobody.stderr
    assert "CCD_SMTP_HOST" in no_server.stderr


def test_the_configuration_is_that_of_the_settings():
    env = {**MAIL, **HOOK, "CCD_SMTP_USER": "it's", "CCD_SMTP_TLS": "0", "CCD_SMTP_PORT": "25"}
    full = yaml.safe_load(configured(**env).stdout)
    only_hook = yaml.safe_load(configured(**HOOK).stdout)

    assert full["global"] == {
        "smtp_smarthost": "smtp.example:25",
        "smtp_from": "noreply@localhost",
        "smtp_require_tls": False,
        "smtp_auth_username": "it's",
        "smtp_auth_password_file": "/run/secrets/smtp-password",
    }
    (receiver,) = full["receivers"]
    assert receiver["email_configs"][0]["to"] == MAIL["CCD_ALERTS_MAIL"]
    assert receiver["webhook_configs"][0]["url"] == HOOK["CCD_ALERTS_WEBHOOK"]
    assert "email_configs" not in only_hook["receivers"][0]
    assert all(each["send_resolved"] for each in only_hook["receivers"][0]["webhook_configs"])


def test_prometheus_sends_to_the_alertmanager_of_the_same_profile():
    config = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())
    ((target,),) = [
        each["targets"] for each in config["alerting"]["alertmanagers"][0]["static_configs"]
    ]
    ((scraped,),) = [each["targets"] for each in config["scrape_configs"][0]["static_configs"]]
    found = compose.services()

    assert f"--web.listen-address={target} " in found["alertmanager"]["command"][0]
    assert found["metrics"]["ports"] == [f"{scraped}:{scraped.rpartition(':')[2]}"]
    assert found["prometheus"]["network_mode"] == found["alertmanager"]["network_mode"] == "host"


def test_the_inhibited_alerts_exist():
    groups = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())["groups"]
    names = {rule["alert"] for group in groups for rule in group["rules"]}
    (rule,) = yaml.safe_load(configured(**HOOK).stdout)["inhibit_rules"]
    matched = [m.split('"')[1] for m in (*rule["source_matchers"], *rule["target_matchers"])]

    assert {name for each in matched for name in each.split("|")} <= names


@pytest.mark.parametrize("env", [MAIL, HOOK, {**MAIL, **HOOK, "CCD_SMTP_USER": "it's"}])
def test_amtool_accepts_the_configuration(env, tmp_path):
    file = tmp_path / "alertmanager.yml"
    file.write_text(configured(**env).stdout)

    done = subprocess.run([program("amtool"), "check-config", file], capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr


def test_promtool_accepts_configuration_and_rules():
    file = DEPLOY / "prometheus" / "prometheus.yml"

    done = subprocess.run([program("promtool"), "check", "config", file], capture_output=True)

    assert done.returncode == 0, done.stdout + done.stderr


@contextlib.contextmanager
def alertmanager(directory: Path, config: str) -> Iterator[str]:
    """Waits for one second where ours waits longer, so that the test does not."""
    for theirs in ("group_wait: 10s", "group_interval: 1m"):
        assert theirs in config
        config = config.replace(theirs, theirs.split(":")[0] + ": 1s")
    file = directory / "alertmanager.yml"
    file.write_text(config)
    address = f"127.0.0.1:{services.free_port()}"
    with (directory / "alertmanager.log").open("w") as log:
        process = subprocess.Popen(
            [
                program("prometheus-alertmanager"),
                f"--config.file={file}",
                f"--storage.path={directory}",
                f"--web.listen-address={address}",
                "--cluster.listen-address=",
            ],
            stdout=log,
            stderr=log,
        )
    try:
        wait_until(lambda: _answers(f"http://{address}/-/ready"))
        yield f"http://{address}/api/v2/alerts"
    finally:
        process.terminate()
        process.wait(60)


def _answers(url: str) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(url, trust_env=False).is_success
    return False


def test_somebody_gets_a_mail_and_the_webhook_a_call_and_both_again_when_it_is_well(tmp_path):
    program("prometheus-alertmanager")
    hook = services.free_port()
    with sink() as smtp, serving(hook) as webhook:
        config = configured(
            CCD_ALERTS_MAIL=MAIL["CCD_ALERTS_MAIL"],
            CCD_ALERTS_WEBHOOK=f"http://127.0.0.1:{hook}/",
            CCD_SMTP_HOST="127.0.0.1",
            CCD_SMTP_PORT=str(smtp.port),
            CCD_SMTP_TLS="0",
            CCD_MAIL_FROM="Crazy Charly Day <ccd@school.example>",
        ).stdout
        alert: dict[str, Any] = {
            "labels": {"alertname": "ProcessSilent", "severity": "page", "kind": "beat"},
            "annotations": {
                "summary": "No beat process gave a sign of life.",
                "runbook": "docs/operations/alerts.md#processsilent",
            },
        }
        with alertmanager(tmp_path, config) as url:
            httpx.post(url, json=[alert], trust_env=False).raise_for_status()
            wait_until(lambda: smtp.mails and webhook.posted)
            fired = smtp.mails[0]
            alert["endsAt"] = "2020-01-01T00:00:00Z"
            httpx.post(url, json=[alert], trust_env=False).raise_for_status()
            wait_until(lambda: len(smtp.mails) > 1 and len(webhook.posted) > 1)
            well = smtp.mails[1]

    assert "Subject: page: ProcessSilent" in fired
    assert "No beat process gave a sign of life." in fired
    assert "docs/operations/alerts.md#processsilent" in fired.replace("=\r\n", "")
    assert "Subject: Well again: ProcessSilent" in well
    assert [each["status"] for each in webhook.posted[:2]] == ["firing", "resolved"]
    assert json.dumps(webhook.posted[0]).count("processsilent") >= 1
