from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from hackathon.extras.witness import selectors


@require_safe
def stamp(_request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The answer of the authority, as `openssl ts` reads it."""
    granted = selectors.get_granted(slug, pk)
    assert granted.response is not None
    name = f"horodatage-{granted.digest[:12]}-{granted.host.replace(':', '-')}.tsr"
    return HttpResponse(
        bytes(granted.response),
        content_type="application/timestamp-reply",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
