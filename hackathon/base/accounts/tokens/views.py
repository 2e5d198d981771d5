from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.base.accounts.second_factor import factor_required
from hackathon.base.accounts.tokens import selectors, services
from hackathon.base.accounts.tokens.forms import TokenForm
from hackathon.base.core import clock
from hackathon.base.core.views import Request, accepted, form_page, perform, posted


@login_required
@factor_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: Request) -> HttpResponse:
    """Shows a new token once, in the answer to the form."""
    user, now = request.user, clock.now()
    form = TokenForm(posted(request))

    def create() -> str:
        data = form.cleaned_data
        expires_at = now + timedelta(days=data["days"])
        fields = {"name": data["name"], "scopes": data["scopes"], "expires_at": expires_at}
        return services.create(user, **fields, by=user, at=now)[1]

    created = accepted(form, create)
    secret = created.result if created else ""
    return form_page(
        request,
        "accounts/tokens.html",
        TokenForm() if created else form,
        secret=secret,
        tokens=selectors.tokens_of(user, at=now),
    )


@login_required
@factor_required
@require_POST
def revoke(request: Request, pk: int) -> HttpResponse:
    return perform(
        request,
        lambda: services.revoke(request.user, pk, by=request.user, at=clock.now()),
        done=_("Jeton révoqué."),
        to=reverse("accounts:tokens"),
    )
