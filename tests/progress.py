"""How far the run is, once a minute, instead of a dot for each test."""

import time
from typing import Any

import pytest

EVERY_SECONDS = 60


class Progress:
    def __init__(self, config: pytest.Config) -> None:
        self.begun = self.said = time.monotonic()
        self.done = 0
        self.config = config

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: Any) -> tuple[str, str, str] | None:
        is_dot = report.passed and not hasattr(report, "wasxfail")
        return ("passed" if report.when == "call" else "", "", "") if is_dot else None

    def pytest_runtest_logfinish(self) -> None:
        self.done += 1
        now = time.monotonic()
        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        total = reporter._session.testscollected if reporter and reporter._session else 0
        if not reporter or not total or now - self.said < EVERY_SECONDS:
            return
        self.said = now
        left = (now - self.begun) * (total - self.done) / self.done
        reporter.ensure_newline()
        reporter.write_line(f"{self.done} of {total} tests, about {left / 60:.0f} min left")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--junitxml") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Progress(config))
