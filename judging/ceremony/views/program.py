"""What organizers prepare of the ceremony: messages between the steps."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.base.core import clock
from hackathon.base.core.views import Request, perform, posted
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import answer, for_organizers
from judging.ceremony.forms import MessageForm, moments
from judging.ceremony.selectors import messages as selectors
from judging.ceremony.services import messages
from judging.models import CeremonyMessage

PAGE = "judging/ceremony/program.html"


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def overview(request: Request, edition: Edition, pk: int | None = None) -> HttpResponse:
    message = selectors.get_message_of(edition, pk) if pk else None
    form = MessageForm(posted(request), edition=edition, message=message)
    return answer(
        request,
        form,
        lambda: messages.save(
            edition=edition, message=message, by=request.user, at=clock.now(), **form.values
        ),
        page=PAGE,
        context=_context(edition, message, form),
        done=_("Le message est enregistré."),
        to=lambda _saved: reverse("judging:program", args=[edition.slug]),
    )


@require_POST
@for_organizers
def delete(request: Request, edition: Edition, pk: int) -> HttpResponse:
    message = selectors.get_message_of(edition, pk)
    return perform(
        request,
        lambda: messages.delete(message=message, by=request.user, at=clock.now()),
        done=_("« %(title)s » est supprimé.") % {"title": message.title},
        to=reverse("judging:program", args=[edition.slug]),
    )


def _context(
    edition: Edition, message: CeremonyMessage | None, message_form: MessageForm
) -> dict[str, Any]:
    places = list(moments(edition))
    lines = sorted(selectors.messages_of(edition), key=lambda message: places.index(message.moment))
    return {
        "managed": edition,
        "message": message,
        "message_form": message_form,
        "messages_of_ceremony": lines,
    }
