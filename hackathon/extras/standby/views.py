from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hackathon.base.core import clock
from hackathon.base.core.views import Request, perform
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers
from hackathon.extras.standby.services import set_strict


@require_POST
@for_organizers
def strict(request: Request, edition: Edition) -> HttpResponse:
    """Whether deposits wait for the second server."""
    chosen = request.POST.get("strict") == "yes"
    return perform(
        request,
        lambda: set_strict(chosen, by=request.user, at=clock.now()),
        done=_("Un dépôt est maintenant confirmé une fois sur les deux serveurs.")
        if chosen
        else _("Un dépôt est maintenant confirmé sans attendre le second serveur."),
        to=f"{reverse('setup:edition', args=[edition.slug])}#standby",
    )
