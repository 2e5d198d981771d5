"""What the pages of seals and envelopes show of stamps."""

from collections.abc import Collection

from django.http import HttpRequest
from django.template.loader import render_to_string

from hackathon.event.editions.models import Edition
from hackathon.extras.witness.models import Stamp
from hackathon.extras.witness.selectors import stamps_of


def about_digests(_edition: Edition, digests: Collection[str]) -> dict[str, str]:
    """One query."""
    return {
        digest: render_to_string("witness/_stamps.html", {"stamps": stamps})
        for digest, stamps in stamps_of(digests).items()
    }


def how(request: HttpRequest, edition: Edition) -> str:
    """One query."""
    is_stamped = Stamp.objects.filter(edition=edition).exists()
    return render_to_string("witness/_how.html", request=request) if is_stamped else ""
