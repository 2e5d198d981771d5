from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from hackathon.base.live.audiences import team_in
from hackathon.base.live.fragments import Audiences, Fragment
from hackathon.event.editions.models import Edition
from hackathon.extras.rounds import rules, selectors
from hackathon.extras.rounds.enums import Progress


def question_context(edition: Edition, team_pk: int, at: datetime) -> dict[str, Any]:
    """No query until a message about the questions, whatever the team."""
    takes_answers = rules.takes_answers(edition, at=at)
    asked = rules.last_asked(selectors.shared_check_ins(edition), at=at) if takes_answers else None
    answers = asked.answers.all() if asked else ()
    answer = next((answer for answer in answers if answer.team_id == team_pk), None)
    return {"check_in": asked, "answer": answer, "choices": Progress.choices}


def _teams(_edition: Edition) -> Callable[[Audiences], int | None]:
    return team_in


def _instants(edition: Edition, _team: object, _at: datetime) -> Iterable[datetime]:
    asked = [check_in.asks_at for check_in in selectors.shared_check_ins(edition)]
    return [*asked, edition.deadline_at]


CHECK_IN = Fragment(
    "check-in",
    "rounds/_check_in.html",
    "check_in edition",
    question_context,
    _teams,
    _instants,
    max_age=30,
)
