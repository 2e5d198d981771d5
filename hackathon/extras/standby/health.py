"""What `/readyz` and Prometheus say of the two servers."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from prometheus_client.core import GaugeMetricFamily, Metric

from hackathon.base.core import clock, serving
from hackathon.extras.standby import peer, selectors
from hackathon.extras.standby.rules import Claim
from hackathon.run.operations.readiness import Failed


def server() -> dict[str, Any]:
    """Of two servers one serves."""
    own = selectors.claim()
    is_serving = own.serving and not serving.is_stopped()
    wrong = {} if is_serving else {"ok": False, "error": "another server serves"}
    said = Claim(own.server, own.epoch, is_serving)
    return {**wrong, **asdict(said), "signed": peer.signed(said)}


def copy() -> dict[str, Any]:
    """What is newer is lost with this machine."""
    found = selectors.state(at=clock.now())
    if not found.configured:
        return {"used": False}
    if found.problem:
        raise Failed(found.problem)
    return {"strict": found.strict, "seconds_behind": found.seconds_behind}


def numbers() -> Iterator[Metric]:
    """Without values if there is no second server."""
    connected = GaugeMetricFamily("ccd_standby_connected", "1 if the second server is connected")
    strict = GaugeMetricFamily("ccd_standby_strict", "1 if deposits wait for the second server")
    behind = GaugeMetricFamily(
        "ccd_standby_behind_seconds", "Age of what the second server has of database and files"
    )
    found = selectors.state(at=clock.now())
    if found.configured:
        connected.add_metric([], float(found.connected))
        strict.add_metric([], float(found.strict))
        if found.seconds_behind is not None:
            behind.add_metric([], found.seconds_behind)
    yield from (connected, strict, behind)
