"""Alert rules and dashboard: what they ask for exists, and each rule fires when it should."""

import json
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from hackathon.celery import app
from hackathon.core import metrics
from hackathon.operations import exporter, heartbeats, queues
from hackathon.operations.receivers import count_task
from tests.operations import compose
from tests.operations.promql import MATCH, Labels, Series, parsed, selectors

DEPLOY = compose.ROOT / "deploy"
# Of Prometheus itself, and of the job in prometheus.yml.
OWN = {"up": ("gauge", {"job": {"ccd"}})}
OF_COUNTERS = ("rate", "increase")


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
def test_alerts_and_dashboard_ask_for_what_a_scrape_has(monkeypatch: pytest.MonkeyPatch) -> None:
    known = scraped(monkeypatch) | OWN

    for title, expression in expressions().items():
        asked = selectors(parsed(expression))
        assert asked, title
        for selector, function in asked:
            assert selector.name in known, (title, selector.name)
            kind, labels = known[selector.name]
            assert (kind in ("counter", "histogram")) == (function in OF_COUNTERS), title
            assert (selector.range > 0) == (function in (*OF_COUNTERS, "quantile_over_time"))
            for label, how, value in selector.matchers:
                assert any(MATCH[how](each, value) for each in labels[label]), (title, label, value)
        for grouped in re.findall(r"by \(([^)]*)\)", expression):
            labels = known[asked[0][0].name][1]
            assert set(re.split(r",\s*", grouped)) <= set(labels), title


def headings(page: str) -> list[str]:
    """As a browser links to them."""
    text = (compose.ROOT / page).read_text()
    return [each.lower() for each in re.findall(r"^### (.+)$", text, re.MULTILINE)]


def test_every_alert_has_its_section_of_the_runbook() -> None:
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


def test_every_alert_says_what_is_wrong_and_for_whom() -> None:
    assert len(rules()) >= 12
    for name, rule in rules().items():
        assert rule["labels"]["severity"] in ("page", "ticket"), name
        assert re.fullmatch(r"\d+[sm]", rule["for"]), name
        assert rule["annotations"]["summary"].endswith("."), name
        labels_used = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
        assert labels_used <= {"kind"} or f"by ({', '.join(labels_used)})" in rule["expr"], name


# ---------------------------------------------------------------- when they fire

STEP, END, CHANGE = 15, 5400, 4500  # seconds; it becomes wrong at CHANGE
type Curve = Callable[[int], float | None]


def always(value: float) -> Curve:
    return lambda _t: value


def from_then(value: float | None, *, before: float = 0) -> Curve:
    return lambda t: before if t < CHANGE else value


def counted(a_second: float) -> Curve:
    """A counter, from then on."""
    return lambda t: max(0, t - CHANGE) * a_second


def histogram(name: str, **seconds: float) -> dict[str, Curve]:
    """One observation a second. `usual` before, `then` afterwards."""

    def bucket(end: float) -> Curve:
        def count(t: int) -> float:
            before, after = min(t, CHANGE), max(0, t - CHANGE)
            return before * (seconds["usual"] <= end) + after * (seconds["then"] <= end)

        return count

    ends = (0.1, 0.5, 1, 2, 5, float("inf"))
    return {f'{name}_bucket{{le="{end}"}}': bucket(end) for end in ends}


OK = {'up{job="ccd"}': always(1), 'ccd_up{what="database"}': always(1)}
# Of each alert: series at which it fires, and series that are near and at which it does not.
CASES: dict[str, tuple[dict[str, Curve], dict[str, Curve]]] = {
    "SiteNotScraped": ({**OK, 'up{job="ccd"}': from_then(0, before=1)}, OK),
    "DatabaseAway": (
        {'ccd_up{what="database"}': from_then(0, before=1)},
        {'ccd_up{what="database"}': always(1), 'ccd_up{what="redis"}': always(0)},
    ),
    "RedisAway": (
        {'ccd_up{what="redis"}': from_then(0, before=1)},
        {'ccd_up{what="redis"}': always(1), 'ccd_up{what="disk"}': always(0)},
    ),
    "ProcessSilent": (
        {'ccd_process_silent_seconds{kind="beat"}': from_then(60)},
        {'ccd_process_silent_seconds{kind="beat"}': from_then(20)},
    ),
    "ProcessLost": (
        {'ccd_processes{kind="web"}': from_then(1, before=2)},
        # One more, and later as many as usual.
        {
            'ccd_processes{kind="web"}': from_then(3, before=2),
            'ccd_processes{kind="live"}': always(1),
        },
    ),
    "ClockSkew": (
        {'ccd_clock_skew_seconds{kind="uploads"}': from_then(1.5)},
        {'ccd_clock_skew_seconds{kind="uploads"}': from_then(0.9)},
    ),
    "CodesWait": (
        {'ccd_queue_oldest_seconds{queue="mail"}': from_then(30)},
        {'ccd_queue_oldest_seconds{queue="celery"}': from_then(30)},
    ),
    "SealsWait": (
        {'ccd_queue_oldest_seconds{queue="clock"}': from_then(31)},
        {'ccd_queue_oldest_seconds{queue="celery"}': from_then(31)},
    ),
    "OtherWorkWaits": (
        {'ccd_queue_oldest_seconds{queue="celery"}': from_then(301)},
        {'ccd_queue_oldest_seconds{queue="celery"}': from_then(299)},
    ),
    "BackupOld": (
        {"ccd_backup_age_seconds": from_then(7600)},
        {"ccd_backup_age_seconds": from_then(3600)},
    ),
    "CopyOld": ({"ccd_copy_age_seconds": from_then(200)}, {"ccd_copy_age_seconds": from_then(60)}),
    "StandbyAway": (
        {"ccd_standby_connected": from_then(0, before=1)},
        {"ccd_standby_connected": always(1)},
    ),
    "StandbyBehind": (
        {"ccd_standby_behind_seconds": from_then(31)},
        {"ccd_standby_behind_seconds": from_then(20)},
    ),
    "ArchiveFails": ({"ccd_archive_failing": from_then(1)}, {"ccd_archive_failing": always(0)}),
    "DiskAlmostFull": (
        {
            "ccd_disk_free_bytes": from_then(2.9e9, before=9e9),
            "ccd_disk_reserve_bytes": always(1e9),
        },
        {
            "ccd_disk_free_bytes": from_then(3.1e9, before=9e9),
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
        histogram("ccd_request_seconds", usual=0.2, then=3),
        histogram("ccd_request_seconds", usual=0.2, then=0.6),
    ),
    "MessagesSlow": (
        histogram("ccd_message_seconds", usual=0.01, then=4),
        histogram("ccd_message_seconds", usual=0.01, then=0.9),
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
        {'ccd_pool_connections{state="waiting"}': from_then(1)},
        {'ccd_pool_connections{state="used"}': from_then(9)},
    ),
}
# Nothing is scraped any more; nobody has ever made a backup; the first process of a kind is gone.
MISSING = {
    "SiteNotScraped": {'up{job="ccd"}': always(1)},
    "BackupOld": {'ccd_up{what="database"}': always(1)},
}


def series(curves: dict[str, Curve]) -> Series:
    samples: dict[tuple[str, Labels], list[tuple[float, float]]] = {}
    for text, curve in curves.items():
        (selector,) = [found for found, _ in selectors(parsed(text))]
        labels = frozenset((label, value) for label, _, value in selector.matchers)
        curve_of = [(float(t), curve(t)) for t in range(0, END + 1, STEP)]
        samples[selector.name, labels] = [(t, v) for t, v in curve_of if v is not None]
    return Series(samples)


def fires(rule: dict[str, Any], curves: dict[str, Curve]) -> bool:
    """At the end: it was true for as long as the rule says."""
    found, node = series(curves), parsed(rule["expr"])
    duration = int(rule["for"][:-1]) * {"s": 1, "m": 60}[rule["for"][-1]]
    return all(found.value(node, t) for t in range(END - duration, END + 1, STEP))


def test_every_alert_fires_and_stays_silent() -> None:
    assert set(CASES) == set(rules())
    for name, rule in rules().items():
        wrong, right = CASES[name]
        assert fires(rule, wrong), name
        assert not fires(rule, right), name
    for name, curves in MISSING.items():
        assert fires(rules()[name], curves), name


def test_an_alert_waits_for_as_long_as_it_says() -> None:
    rule = rules()["RedisAway"]
    restarts: dict[str, Curve] = {'ccd_up{what="redis"}': lambda t: float(t < END - 30)}

    assert not fires(rule, restarts)
    assert not fires(rule, {'ccd_up{what="redis"}': from_then(None, before=1)})


def test_a_counter_of_a_process_that_restarts_is_no_error() -> None:
    """`rate` takes a smaller number for a new beginning."""
    counter: dict[str, Curve] = {
        'ccd_requests_total{status="500"}': lambda t: 20 if t < CHANGE else 0
    }

    assert not fires(rules()["ServerErrors"], counter)


def test_the_test_knows_where_an_expression_is_wrong() -> None:
    for wrong in ("sum(rate(a[5m])", "avg(a)", 'a{b="c"', "a b"):
        with pytest.raises((ValueError, IndexError)):
            parsed(wrong)
