from typing import Any

from rest_framework.request import Request

from hackathon.base.core import clock
from hackathon.base.core.api import reads
from hackathon.base.core.views import edition_of
from hackathon.event.editions.endpoint import EditionEndpoint
from judging.ceremony.selectors.results import published_results
from judging.ceremony.selectors.screens import screen_state
from judging.ceremony.serializers import CeremonySerializer, ResultsSerializer


class Results(EditionEndpoint):
    """Before the publication the answer is empty, whatever the juries have decided."""

    public = True

    @reads(ResultsSerializer)
    def get(self, request: Request) -> Any:
        """Winners and nominees by department. Equal ranks are ex aequo."""
        results = published_results(edition_of(request), at=clock.now())
        return {"published": results is not None, "departments": results or []}


class Ceremony(EditionEndpoint):
    public = True

    @reads(CeremonySerializer)
    def get(self, request: Request) -> Any:
        """What the screens of the amphitheatre show now, and nothing of a later step."""
        return screen_state(edition_of(request), rehearsals=False, at=clock.now())
