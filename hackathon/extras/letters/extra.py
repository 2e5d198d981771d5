from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import Concerns, Extra, Page, Part, Place, Section, registry
from hackathon.extras.letters import services
from hackathon.extras.letters.demo import fill
from hackathon.extras.letters.enums import Kind
from hackathon.extras.letters.remarks import read, refusals
from judging.scoring.remarks import Remarks, register


def _own_letter(_request: HttpRequest | None, _edition: Any) -> str:
    return render_to_string("letters/_own_letter.html")


def _tab(request: HttpRequest, _edition: Any) -> str:
    assert request.resolver_match is not None
    context = {
        "code": request.resolver_match.kwargs["code"],
        "is_here": request.resolver_match.view_name == "letters:index",
    }
    return render_to_string("letters/_tab.html", context)


kinds = frozenset(kind.value for kind in Kind)
register("letters", Remarks(kinds, read, refusals, services.write))
registry.add(
    Extra(
        "letters",
        _("Lettres du jury"),
        _(
            "Sous chaque note, les jurés écrivent à l’équipe ; elle lit une lettre avec les"
            " résultats."
        ),
        (Concerns.STUDENTS, Concerns.JURORS),
        pages=(Page("letters:setup", _("Lettres du jury"), section=Section.AFTER),),
        parts=(Part(Place.OWN_RESULTS, _own_letter), Part(Place.PRESIDENT, _tab)),
        cloned=_("Phrases proposées aux jurés"),
        demo=fill,
    )
)
