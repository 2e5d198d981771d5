"""What a manifest of an installed application says."""

from django.templatetags.static import static
from django.urls import reverse

from hackathon.event.appearance.rules import palette
from hackathon.event.editions.models import Edition


def night_of(edition: Edition | None) -> str:
    """The colour of the bar of an installed application."""
    return palette(edition.color, "")["night"] if edition and edition.color else "#0c0924"


def icons_of(edition: Edition | None) -> list[dict[str, str]]:
    """Of an installed application."""
    return [
        {
            "src": reverse("appearance:logo", args=[edition.logo, size])
            if edition and edition.logo
            else static(f"img/jury-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
        }
        for size in (192, 512)
    ]
