"""Errors for a Sentry server, without anything of a person: `CCD_SENTRY_DSN`."""

from typing import Any

from django.conf import settings

from hackathon.base.core.logs import scrubbed as scrubbed_text


def start() -> None:
    """No effect without `CCD_SENTRY_DSN`."""
    if not settings.SENTRY_DSN:
        return
    import sentry_sdk

    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        before_send=scrubbed,
        before_breadcrumb=lambda crumb, hint: None,
        send_default_pii=False,
        include_local_variables=False,  # marks, briefs, codes
        max_request_body_size="never",
        traces_sample_rate=0.0,
        server_name=settings.PROCESS or "site",
    )


def scrubbed(event: Any, hint: Any = None) -> Any:
    """Keeps the method and path of a request, and messages without addresses."""
    for name in ("user", "extra", "breadcrumbs", "modules"):
        event.pop(name, None)
    request = event.pop("request", {})
    if request.get("url"):
        path = scrubbed_text(request["url"].partition("?")[0])
        event["request"] = {"method": request.get("method", ""), "url": path}
    for error in event.get("exception", {}).get("values", ()):
        error["value"] = scrubbed_text(str(error.get("value", "")))
    if "logentry" in event:
        message = event["logentry"].get("formatted") or event["logentry"].get("message", "")
        event["logentry"] = {"message": scrubbed_text(str(message))}
    return event
