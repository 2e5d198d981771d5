from typing import Any

from rest_framework.request import Request

from hackathon.base.core import clock
from hackathon.base.core.api import reads
from hackathon.day.questions import selectors
from hackathon.day.questions.serializers import (
    QuestionsSerializer,
    own_as_dict,
    published_as_dict,
    queued_as_dict,
)
from hackathon.event.editions.endpoint import EditionEndpoint
from hackathon.event.roles import roles_of


class Questions(EditionEndpoint):
    """`/api/v1/questions/`: the questions of a team or, for those who answer, the queue."""

    @reads(QuestionsSerializer, operation_id="questions")
    def get(self, request: Request) -> Any:
        """`questions`: those of the caller's team, or those that the caller may answer, of which
        only organizers read who asked. `published`: what everybody concerned may read.
        """
        roles = roles_of(request.user, self.edition)
        listed = []
        if selectors.answerer_of(roles).answers_any:
            lines = selectors.queue(roles, self.edition)
            listed = [queued_as_dict(line, organizer=roles.organizer) for line in lines]
        elif roles.membership is not None:
            own = selectors.questions_of_team(roles.membership.team_id)
            listed = [own_as_dict(question) for question in own]
        published = selectors.published_answers(roles, self.edition, at=clock.now())
        return {"questions": listed, "published": [published_as_dict(p) for p in published]}
