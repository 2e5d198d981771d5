"""A refusal is a value with a code: one for the button, the API and the service."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices

from hackathon.core.typography import elided


class RefusalCode(TextChoices):
    """Base of each app's codes. A label is the message, in French, with {names} to fill in.

    A message says what is wrong and what to do, to a tired person.
    """


@dataclass(frozen=True)
class Refusal:
    """Why something may not be done, with the values its message needs."""

    code: RefusalCode
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The sentence to show, in the active language. `name` is a person's."""
        said = str(self.code.label).format(**self.params)
        return elided(said, self.params["name"]) if "name" in self.params else said

    def __str__(self) -> str:
        return self.message


class NotFound(Exception):
    """Raised by selectors: there is nothing there, or this person may not see it (HTTP 404)."""


class Refused(Exception):
    """Raised by a service whose rule said no. Nothing was written."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code.value)
        self.refusal = refusal


def refuse(code: RefusalCode, **params: Any) -> Refusal:
    """Shorthand for rules: `return refuse(TeamRefusal.FULL, max=6)`."""
    return Refusal(code, params)


def check(refusal: Refusal | None) -> None:
    """Turn a rule's answer into an exception. Raises `Refused` if there is a refusal."""
    if refusal is not None:
        raise Refused(refusal)
