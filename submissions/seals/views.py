import base64
import hashlib

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hackathon.core import clock
from hackathon.core.errors import Refused
from hackathon.core.exports import Columns, exported
from hackathon.core.views import Request
from hackathon.editions.models import Edition
from hackathon.editions.views.setup import for_organizers
from submissions.models import Seal
from submissions.seals import proofs, rules, selectors
from submissions.versions.selectors import get_submission_for

PROOF_PARTS = settings.BASE_DIR / "hackathon" / "static"
PROOF_IMPORT = 'import { Sha256 } from "../js/sha256.js";\n'
PROOF_SCRIPT = "".join(
    (PROOF_PARTS / name).read_text() for name in ("js/sha256.js", "proof/proof.js")
).replace(PROOF_IMPORT, "")
PROOF_STYLE = "".join(
    (PROOF_PARTS / name).read_text() for name in ("css/tokens.css", "proof/proof.css")
)


def _allowed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


# Of a page that is opened from a disk: it loads nothing, and sends nothing.
PROOF_POLICY = (
    f"default-src 'none'; script-src {_allowed(PROOF_SCRIPT)}; style-src {_allowed(PROOF_STYLE)};"
    " base-uri 'none'; form-action 'none'"
)

# Of each set: the seal over all, and its line about one department.
SEALS: Columns = [
    (_("Instant"), lambda row: row[0].as_of),
    (_("Moment"), lambda row: row[0].get_moment_display()),
    (_("Livrables"), lambda row: row[0].subject),
    (_("Département"), lambda row: row[1]["code"]),
    (_("Équipes"), lambda row: row[1]["teams"]),
    (_("Dépôts"), lambda row: row[1]["deposits"]),
    (_("Empreinte"), lambda row: row[1]["digest"]),
    (_("Empreinte de l’ensemble"), lambda row: row[0].digest),
    (_("Fait le"), lambda row: row[0].made_at),
]


@require_safe
@never_cache
def public(request: HttpRequest) -> HttpResponse:
    return render(request, "submissions/seals/seals_public.html")


@require_safe
@never_cache
@for_organizers
def seals(request: Request, edition: Edition) -> HttpResponse:
    sets = selectors.seal_sets(edition)
    rows = [(seal_set.over_all, line) for seal_set in sets for line, _seal in seal_set.lines]
    if file := exported(request, f"scelles-{edition.slug}", SEALS, lambda: rows):
        return file
    state = selectors.seal_state(edition, at=clock.now())
    context = {"managed": edition, "state": state, "sets": sets}
    return render(request, "submissions/seals/seals.html", context)


@require_safe
@never_cache
@login_required
def seal(request: Request, pk: int) -> HttpResponse:
    shown = selectors.get_seal_for(request.user, pk)
    if shown.department is None:
        raise Http404  # the two pages above show the seals over all
    seals = selectors.as_shown(shown.edition, [shown])
    since = shown.manifest.get("since")
    context = {
        "seal": shown,
        "seals": seals,
        "counts": rules.counts_of(shown.manifest),
        "since": since,
    }
    with timezone.override(shown.edition.zone):
        return render(request, "submissions/seals/seal.html", context)


@require_safe
@never_cache
@login_required
def proof(request: Request, pk: int) -> HttpResponse:
    """One file that verifies the receipt without a network."""
    submission = get_submission_for(request.user, pk)
    try:
        proven = proofs.proofs_of(submission, at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused.refusal))
        return redirect("submissions:receipt", pk)
    context = {
        "submission": submission,
        "document": proofs.document(submission, proven),
        "digits_min": proofs.DIGITS_MIN,
        "script": mark_safe(PROOF_SCRIPT),  # noqa: S308
        "style": mark_safe(PROOF_STYLE),  # noqa: S308
        "policy": PROOF_POLICY,
    }
    page = render_to_string("submissions/seals/proof.html", context)
    name = content_disposition_header(True, f"preuve-{submission.receipt.spoken_code}.html")
    return HttpResponse(page, headers={"Content-Disposition": name})


@require_safe
def program(_request: HttpRequest) -> HttpResponse:
    """Verifies proofs without this site: docs/seals.md."""
    text = (settings.BASE_DIR / "docs" / "verify_proof.py").read_text()
    headers = {"Content-Disposition": 'attachment; filename="verify_proof.py"'}
    return HttpResponse(text, content_type="text/x-python; charset=utf-8", headers=headers)


@require_safe
@never_cache
def manifest(request: HttpRequest, pk: int) -> HttpResponse:
    return manifest_file(selectors.get_seal_for(request.user, pk))


def manifest_file(seal: Seal) -> HttpResponse:
    """With what it takes to compute the digest of the seal from it: docs/seals.md."""
    return HttpResponse(
        proofs.file_of(seal),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{seal.filename}"'},
    )
