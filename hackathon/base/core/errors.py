from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices

from hackathon.base.core.typography import elided


class RefusalCode(TextChoices):
    """Base of the codes of each app. The label is the message, with {placeholders}."""


@dataclass(frozen=True)
class Refusal:
    code: RefusalCode
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """In the active language. The parameter `name` is the name of a person."""
        text = str(self.code.label).format(**self.params)
        return elided(text, self.params["name"]) if "name" in self.params else text

    def __str__(self) -> str:
        return self.message


class NotFound(Exception):
    """There is no such object, or the user may not see it (HTTP 404)."""


class Refused(Exception):
    """Raised by a service when its rule refuses. Nothing was written."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code.value)
        self.refusal = refusal


def refuse(code: RefusalCode, **params: Any) -> Refusal:
    return Refusal(code, params)


def check(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise Refused(refusal)
