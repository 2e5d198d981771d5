from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import Concerns, Extra, Page, Part, Place, Section, registry
from hackathon.extras.passages import parts
from hackathon.extras.passages.ceremony import Passages
from hackathon.extras.passages.demo import fill
from hackathon.extras.passages.fragments import OWN_PASSAGE

registry.add(
    Extra(
        "passages",
        _("Passages sur scène"),
        _("Pendant la cérémonie, les équipes nommées présentent leur travail en un temps donné."),
        (Concerns.STUDENTS, Concerns.ORGANIZERS),
        pages=(Page("passages:index", _("Passages sur scène"), section=Section.ROOM),),
        parts=(Part(Place.STUDENT, parts.student), Part(Place.SCREEN, parts.screen)),
        fragments=(OWN_PASSAGE,),
        cloned=_("Les passages, sans leur ordre"),
        ceremony=Passages,
        demo=fill,
    )
)
