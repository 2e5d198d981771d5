from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hackathon.base.core import clock
from hackathon.base.core.api import queried
from hackathon.base.core.views import edition_of
from hackathon.base.live import messages
from hackathon.base.live.audiences import rights_mark
from hackathon.day.site.fragments import changed_fragments
from hackathon.day.site.serializers import AfterSerializer
from hackathon.event.editions.endpoint import EditionEndpoint
from hackathon.event.roles import audiences_for


class Live(EditionEndpoint):
    public = True

    @extend_schema(operation_id="live", parameters=[AfterSerializer], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """`now` is in epoch milliseconds; `last` is the value of `after` for the next request.
        Without `after` there are no messages. Messages of the last seconds come again: drop the ids
        that you have. If `complete` is false, messages are missing: fetch again what you show.
        `fragments`: HTML of the named parts of a page that these messages have changed.
        """
        query = queried(AfterSerializer, request)
        content: dict[str, Any] = {"last": messages.last_id(), "messages": [], "complete": True}
        if "after" in query:
            audiences = audiences_for(request.user, edition_of(request))
            missed = messages.missed(audiences, after=query["after"])
            content["messages"] = [messages.as_dict(message) for message in missed.messages]
            content["complete"] = missed.complete
            content["rights"] = rights_mark(audiences)
            content["fragments"] = changed_fragments(
                query["shows"].split(","),
                None if not missed.complete else {message.type for message in missed.messages},
                frozenset(audiences),
                last=content["last"],
            )
        # Tells a page that its session has ended: it would receive only public messages.
        content["signed_in"] = request.user.is_authenticated
        content["now"] = int(clock.now().timestamp() * 1000)
        return Response(content, headers={"Cache-Control": "no-store"})
