"""Alert rules and dashboard: what they ask for exists, and each rule fires when it should."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from hackathon.base.core import metrics
from hackathon.celery import app
from hackathon.run.operations import exporter, heartbeats, queues
from hackathon.run.operations.receivers import count_task
from tests.operations import compose

DEPLOY = compose.ROOT / "deploy"
# Of Prometheus itself, and of the job in prometheus.yml.
OWN = {"up": ("gauge", {"job": {"ccd"}})}
OF_COUNTERS = ("rate", "increase")
# The function that is called with it, its name, and its matchers.
SELECTOR = re.compile(r"(?:(\w+)\()?\b(ccd_\w+|up)\b(?:{([^}]*)})?")
MATCHER = re.compile(r'(\w+)([=!]~|!?=)"([^"]*)"')


def rules() -> dict[str, dict[str, Any]]:
    (group,) = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())["groups"]
    return {rule["alert"]: rule for rule in group["rules"]}


def expressions() -> dict[str, str]:
    found = {name: rule["expr"] for name, rule in rules().items()}
    dashboard = json.loads((DEPLOY / "grafana" / "dashboard.json").read_text())
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            found[f"{panel['title']} {target['refId']}"] = target["expr"]
    return found


# ---------------------------------------------------------------- what they ask for


def scraped(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str, dict[str, set[str]]]]:
    """Type and labels with their values, of each sample in a scrape after one of everything."""
    heartbeats.beat("beat")
    count_task(task=next(iter(app.tasks.values())), state="FAILURE")
    with monkeypatch.context() as patched:
        pools = {"default": SimpleNamespace(get_stats=dict)}  # SQLite has none
        connection = SimpleNamespace(alias="default", _connection_pools=pools)
        patched.setattr(heartbeats, "connection", connection)
        heartbeats._measure()
    for status in ("200", "503"):
        metrics.REQUESTS.labels("GET", "home", status).inc()
        metrics.UPLOADS.labels("PATCH", status, "unavailable").inc()
    metrics.REQUEST_SECONDS.labels("home").observe(1)
    metrics.DEPOSITS.labels("on_time").inc()
    metrics.SIGN_IN_FAILURES.labels("email_password_mismatch").inc()
    names = [queues.Queue(name, 1, 1.0) for name in app.conf.task_queues]
    monkeypatch.setattr(exporter, "queues", lambda: names)
    monkeypatch.setattr(exporter.connections, "close_all", lambda: None)
    found: dict[str, tuple[str, dict[str, set[str]]]] = {}
    registry = CollectorRegistry()
    registry.register(exporter.SiteCollector())
    text = (generate_latest(REGISTRY) + generate_latest(registry)).decode()
    for family in text_string_to_metric_families(text):
        labels: dict[str, set[str]] = {}
        for sample in family.samples:
            _type, labels = found.setdefault(sample.name, (family.type, {}))
            for label, value in sample.labels.items():
                labels.setdefault(label, set()).add(value)
        found.setdefault(family.name, (family.type, labels))
    return found


@pytest.mark.django_db
def test_alerts_and_dashboard_ask_for_what_a_scrape_has(monkeypatch):
    known = scraped(monkeypatch) | OWN

    for title, expression in expressions().items():
        asked = SELECTOR.findall(expression)
        assert asked, title
        for function, name, matchers in asked:
            assert name in known, (title, name)
            kind, labels = known[name]
            assert (kind in ("counter", "histogram")) == (function in OF_COUNTERS), title
            for label, how, value in MATCHER.findall(matchers):
                fits = [
                    (re.fullmatch(value, each) is None) == ("!" in how) for each in labels[label]
                ]
                assert any(fits), (title, label, value)
        for grouped in re.findall(r"by \(([^)]*)\)", expression):
            assert set(re.split(r",\s*", grouped)) <= set(known[asked[0][1]][1]), title


def headings(page: str) -> list[str]:
    """As a browser links to them."""
    text = (compose.ROOT / page).read_text()
    return [each.lower() for each in re.findall(r"^### (.+)$", text, re.MULTILINE)]


def test_every_alert_has_its_section_of_the_runbook():
    sections = headings("docs/operations/alerts.md")

    for name, rule in rules().items():
        page, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert anchor in headings(page), name
        assert anchor == name.lower()
        severity = rule["labels"]["severity"]
        text = (compose.ROOT / page).read_text()
        assert f"### {name}\n*{severity}.*" in text, name
    assert len(sections) == len(set(sections))
    of_alerts = sections[: sections.index("dns")]
    assert of_alerts == [name for name in of_alerts if name in {each.lower() for each in rules()}]


def test_every_alert_says_what_is_wrong_and_for_whom():
    assert len(rules()) >= 12
    for name, rule in rules().items():
        assert rule["labels"]["severity"] in ("page", "ticket"), name
        assert re.fullmatch(r"\d+[sm]", rule["for"]), name
        assert rule["annotations"]["summary"].endswith("."), name
        labels_used = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
        assert labels_used <= {"kind"} or f"by ({', '.join(labels_used)})" in rule["expr"], name


# ---------------------------------------------------------------- when they fire

# Samples each 15 seconds, in the notation of promtool: 75 minutes until it is wrong, 15 after.
type Series = dict[str, str]


def then(value: float | str, *, before: float = 0) -> str:
    """« _ »: no sample any more."""
    return f"{before}x300 {value}x60"


def always(value: float) -> str:
    return f"{value}x361"


def counted(a_second: float) -> str:
    """A counter, from then on."""
    return f"0x300 0+{a_second * 15}x60"


def histogram(name: str, *, usual: float, wrong: float) -> Series:
    """One observation a second. `usual` before, `wrong` afterwards, in seconds."""

    def bucket(end: float) -> str:
        before, after = 15 * (usual <= end), 15 * (wrong <= end)
        return f"0+{before}x300 {before * 300}+{after}x60"

    ends = {"0.1": 0.1, "0.5": 0.5, "1": 1, "2": 2, "5": 5, "+Inf": float("inf")}
    return {f'{name}_bucket{{le="{text}"}}': bucket(end) for text, end in ends.items()}


OK = {'up{job="ccd"}': always(1), 'ccd_up{what="database"}': always(1)}
# Of each alert: series at which it fires, and series that are near and at which it does not.
CASES: dict[str, tuple[Series, Series]] = {
    "SiteNotScraped": ({**OK, 'up{job="ccd"}': then(0, before=1)}, OK),
    "DatabaseAway": (
        {'ccd_up{what="database"}': then(0, before=1)},
        {'ccd_up{what="database"}': always(1), 'ccd_up{what="redis"}': always(0)},
    ),
    "RedisAway": (
        {'ccd_up{what="redis"}': then(0, before=1)},
        {'ccd_up{what="redis"}': always(1), 'ccd_up{what="disk"}': always(0)},
    ),
    "ProcessSilent": (
        {'ccd_process_silent_seconds{kind="beat"}': then(60)},
        {'ccd_process_silent_seconds{kind="beat"}': then(20)},
    ),
    "ProcessLost": (
        {'ccd_processes{kind="web"}': then(1, before=2)},
        # One more, and later as many as usual.
        {
            'ccd_processes{kind="web"}': then(3, before=2),
            'ccd_processes{kind="live"}': always(1),
        },
    ),
    "ClockSkew": (
        {'ccd_clock_skew_seconds{kind="uploads"}': then(1.5)},
        {'ccd_clock_skew_seconds{kind="uploads"}': then(0.9)},
    ),
    "CodesWait": (
        {'ccd_queue_oldest_seconds{queue="mail"}': then(30)},
        {'ccd_queue_oldest_seconds{queue="celery"}': then(30)},
    ),
    "SealsWait": (
        {'ccd_queue_oldest_seconds{queue="clock"}': then(31)},
        {'ccd_queue_oldest_seconds{queue="celery"}': then(31)},
    ),
    "OtherWorkWaits": (
        {'ccd_queue_oldest_seconds{queue="celery"}': then(301)},
        {'ccd_queue_oldest_seconds{queue="celery"}': then(299)},
    ),
    "BackupOld": (
        {"ccd_backup_age_seconds": then(7600)},
        {"ccd_backup_age_seconds": then(3600)},
    ),
    "CopyOld": ({"ccd_copy_age_seconds": then(200)}, {"ccd_copy_age_seconds": then(60)}),
    "StandbyAway": (
        {"ccd_standby_connected": then(0, before=1)},
        {"ccd_standby_connected": always(1)},
    ),
    "StandbyBehind": (
        {"ccd_standby_behind_seconds": then(31)},
        {"ccd_standby_behind_seconds": then(20)},
    ),
    "ArchiveFails": ({"ccd_archive_failing": then(1)}, {"ccd_archive_failing": always(0)}),
    "DiskAlmostFull": (
        {
            "ccd_disk_free_bytes": then(2.9e9, before=9e9),
            "ccd_disk_reserve_bytes": always(1e9),
        },
        {
            "ccd_disk_free_bytes": then(3.1e9, before=9e9),
            "ccd_disk_reserve_bytes": always(1e9),
        },
    ),
    "ServerErrors": (
        {'ccd_requests_total{status="503",route="home"}': counted(0.1)},
        {'ccd_requests_total{status="404",route="home"}': counted(5)},
    ),
    "UploadsFail": (
        {'ccd_upload_requests_total{status="507"}': counted(0.1)},
        {'ccd_upload_requests_total{status="413"}': counted(5)},
    ),
    "PagesSlow": (
        histogram("ccd_request_seconds", usual=0.2, wrong=3),
        histogram("ccd_request_seconds", usual=0.2, wrong=0.6),
    ),
    "MessagesSlow": (
        histogram("ccd_message_seconds", usual=0.01, wrong=4),
        histogram("ccd_message_seconds", usual=0.01, wrong=0.9),
    ),
    "TasksFail": (
        {'ccd_tasks_total{task="seal",outcome="failure"}': counted(0.01)},
        {'ccd_tasks_total{task="seal",outcome="success"}': counted(1)},
    ),
    "SignInsRefused": (
        {"ccd_sign_in_failures_total": counted(2)},
        {"ccd_sign_in_failures_total": counted(0.5)},
    ),
    "PoolWaits": (
        {'ccd_pool_connections{state="waiting"}': then(1)},
        {'ccd_pool_connections{state="used"}': then(9)},
    ),
}
# Nothing is scraped any more; nobody has ever made a backup; the first process of a kind is gone.
MISSING = {
    "SiteNotScraped": {'up{job="ccd"}': always(1)},
    "BackupOld": {'ccd_up{what="database"}': always(1)},
}


def fires(tmp_path: Path, cases: list[tuple[str, Series, bool]]) -> str:
    """What promtool says against them; "" if each alert fires or not as it should."""
    tests = [
        {
            "interval": "15s",
            "input_series": [{"series": name, "values": values} for name, values in series.items()],
            "promql_expr_test": [
                {
                    "expr": f'count(ALERTS{{alertname="{alert}", alertstate="firing"}} > 0) > 0',
                    "eval_time": "90m",
                    "exp_samples": [{"labels": "{}", "value": 1}] if is_firing else [],
                }
            ],
        }
        for alert, series, is_firing in cases
    ]
    path = tmp_path / "alerts.yml"
    rules_file = str(DEPLOY / "prometheus" / "alerts.yml")
    path.write_text(json.dumps({"rule_files": [rules_file], "tests": tests}))
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed")
    done = subprocess.run([promtool, "test", "rules", path], capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_every_alert_fires_and_stays_silent(tmp_path):
    assert set(CASES) == set(rules())
    wrong = [(name, series, True) for name, (series, _) in CASES.items()]
    right = [(name, series, False) for name, (_, series) in CASES.items()]
    missing = [(name, series, True) for name, series in MISSING.items()]

    assert fires(tmp_path, [*wrong, *right, *missing]) == ""


def test_an_alert_waits_for_as_long_as_it_says(tmp_path):
    restarts = {'ccd_up{what="redis"}': "1x358 0x2"}

    assert fires(tmp_path, [("RedisAway", restarts, False)]) == ""


def test_a_counter_of_a_process_that_restarts_is_no_error(tmp_path):
    """`rate` takes a smaller number for a new beginning."""
    counter = {'ccd_requests_total{status="500"}': then(0, before=20)}

    assert fires(tmp_path, [("ServerErrors", counter, False)]) == ""


def test_what_fires_when_it_should_not_is_found(tmp_path):
    series, _ = CASES["RedisAway"]

    assert 'alertname=\\"RedisAway\\"' in fires(tmp_path, [("RedisAway", series, False)])
