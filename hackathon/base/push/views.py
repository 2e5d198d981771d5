from allauth.core import ratelimit
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from hackathon.base.accounts.adapter import AccountAdapter
from hackathon.base.core import clock
from hackathon.base.core.views import Request, accepted
from hackathon.base.push import services
from hackathon.base.push.errors import PushRefusal
from hackathon.base.push.forms import SubscriptionForm


@login_required
@require_POST
def subscribe(request: Request) -> HttpResponse:
    if not ratelimit.consume(request, action="subscribe_device", user=request.user):
        return JsonResponse(
            {"detail": str(AccountAdapter.error_messages["rate_limited"])}, status=429
        )
    form = SubscriptionForm(request.POST)
    done = accepted(
        form,
        lambda: services.subscribe(
            user=request.user,
            session_key=request.session.session_key or "",
            language=get_language() or "fr",
            at=clock.now(),
            **form.cleaned_data,
        ),
    )
    if done:
        return HttpResponse(status=204)
    refused = form.non_field_errors() or [PushRefusal.UNREADABLE.label]
    return JsonResponse({"detail": str(refused[0])}, status=422)


@login_required
@require_POST
def unsubscribe(request: Request) -> HttpResponse:
    session_key = request.session.session_key or ""
    services.unsubscribe(user=request.user, session_key=session_key, at=clock.now())
    return HttpResponse(status=204)
