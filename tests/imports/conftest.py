from typing import Any

from django.core import serializers

from hackathon.accounts.models import User
from judging.models import Juror
from teams.models import Membership, Student, Team

STATE = (User, Student, Team, Membership, Juror)


def state() -> dict[str, Any]:
    """All rows that an import can write, with all their values."""
    return {
        model.__name__: {
            row["pk"]: row["fields"]
            for row in serializers.serialize("python", model._base_manager.all())
        }
        for model in STATE
    }
