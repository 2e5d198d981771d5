"""A juror's page of the decision while it is open to the jury: read, and signed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hackathon.core import clock
from judging import selectors
from judging.decision_forms import SignForm
from judging.services import deliberation
from judging.views.answers import SignedIn, accepted, page, sent


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: SignedIn, code: str) -> HttpResponse:
    """Nothing of the decision is read before the president has opened it to the jury."""
    juror = selectors.get_juror_for(request.user, code, request.edition)
    form = SignForm(sent(request))
    if accepted(
        form,
        lambda: deliberation.sign(
            juror=juror,
            seen=form.cleaned_data["seen"],
            by=request.user,
            at=clock.now(),
        ),
    ):
        messages.success(request, _("Vous avez signé la décision."))
        return redirect("judging:sign", juror.department.code)
    decided = selectors.decision_to_sign(juror.department)
    signers = selectors.signers_of(juror.department)
    mine = next((s.signed_at for s in signers if s.juror == juror), None)
    context = {
        "juror": juror,
        "decided": decided,
        "locked": selectors.is_locked(juror.department),
        "signed_at": mine,
    }
    return page(request, "judging/sign.html", form, **context)
