"""Which instants may be entered: others can't be converted between all zones."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
NO_YEAR = _("Vérifiez l’année : elle est trop loin d’ici.")
BOUNDS: list[Callable[[Any], None]] = [
    MinValueValidator(EARLIEST, NO_YEAR),
    MaxValueValidator(LATEST, NO_YEAR),
]
