import base64
import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hackathon.base.core import clock
from hackathon.base.core.errors import Refused
from hackathon.base.core.views import Request
from hackathon.extras.proofs import selectors

OWN, OF_SITE = Path(__file__).parent / "static", settings.BASE_DIR / "hackathon" / "static"
IMPORT = 'import { Sha256 } from "#site/sha256.js";\n'
SCRIPT = "".join(
    path.read_text() for path in (OF_SITE / "js" / "sha256.js", OWN / "js" / "proof.js")
).replace(IMPORT, "")
STYLE = "".join(
    path.read_text() for path in (OF_SITE / "css" / "tokens.css", OWN / "proof" / "proof.css")
)


def _allowed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


# Of a page that is opened from a disk: it loads nothing, and sends nothing.
POLICY = (
    f"default-src 'none'; script-src {_allowed(SCRIPT)}; style-src {_allowed(STYLE)};"
    " base-uri 'none'; form-action 'none'"
)


@require_safe
@never_cache
@login_required
def proof(request: Request, slug: str, pk: int) -> HttpResponse:
    """One file that verifies the receipt without a network."""
    submission = selectors.get_submission(request.user, slug, pk)
    try:
        proven = selectors.proofs_of(submission, at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused.refusal))
        return redirect("submissions:receipt", pk)
    context = {
        "submission": submission,
        "document": selectors.document(submission, proven),
        "digits_min": selectors.DIGITS_MIN,
        "script": mark_safe(SCRIPT),  # noqa: S308
        "style": mark_safe(STYLE),  # noqa: S308
        "policy": POLICY,
    }
    page = render_to_string("proofs/proof.html", context)
    name = content_disposition_header(True, f"preuve-{submission.receipt.spoken_code}.html")
    return HttpResponse(page, headers={"Content-Disposition": name})


@require_safe
def program(_request: HttpRequest, slug: str) -> HttpResponse:
    """Verifies proofs without this site: docs/seals.md."""
    return _file("text/x-python; charset=utf-8", "verify_proof.py", _PROGRAM)


_PROGRAM = (Path(__file__).parent / "verify_proof.py").read_bytes()


@require_safe
@never_cache
def seal(_request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    shown = selectors.get_seal(slug, pk)
    return _file("application/json", f"preuve-{shown.filename}", selectors.file_of(shown))


def _file(kind: str, name: str, content: bytes) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
