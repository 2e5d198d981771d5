from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.editing import EditingForm
from hackathon.base.core.forms import model_fields
from hackathon.base.core.tables import MultilineField
from hackathon.day.site.errors import LegalNoticeRefusal
from hackathon.day.site.models import LegalNotice
from hackathon.day.site.rules import OF_AUDIT, REQUIRED
from hackathon.event.editions.forms import DateInput

NAMES = [field.name for field in LegalNotice._meta.concrete_fields if not field.primary_key]
TEXTS = ("scheme", "action_plan", "audit_sample", "audit_failures", "derogations")
HELP = {
    "publisher": _("L’établissement, avec son nom complet."),
    "director": _("Prénom et nom. Dans un établissement public, c’est la personne qui le dirige."),
    "host": _("L’entreprise ou le service qui fait tourner le serveur."),
    "dpo": _("La personne ou le service. L’université en a toujours un."),
    "dpo_contact": _("Une adresse e-mail ou postale."),
    "accessibility_contact": _(
        "Une adresse e-mail ou un téléphone : qui rencontre un défaut y demande le contenu"
        " autrement."
    ),
    "scheme": _(
        "Un lien vers celui de l’établissement, ou son texte. S’il n’y en a pas, dites-le."
    ),
    "action_plan": _("Un lien, ou son texte. S’il n’y en a pas, dites-le."),
    "audit": _("Sans audit, le site est « non conforme », même s’il est bien fait."),
    "audit_rate": _(
        "Part des critères du RGAA qui sont respectés. Ce que dit le site en dépend : à partir de"
        " 50 %, « partiellement conforme » ; à 100 %, « totalement conforme »."
    ),
    "audit_sample": _("Les pages de l’échantillon, une par ligne."),
    "audit_failures": _("Ce qui n’est pas conforme, une par ligne."),
    "derogations": _("Ce qui demanderait un effort hors de proportion, et pourquoi."),
}


class LegalNoticeForm(EditingForm):
    """Everything may wait: the page and the checks before the day say what is missing."""

    REFUSAL_FIELDS = {
        LegalNoticeRefusal.AUDIT_INCOMPLETE: "audit",
        LegalNoticeRefusal.AUDIT_LATER: "audited_on",
    }

    def __init__(self, data: Any = None, *, notice: LegalNotice) -> None:
        super().__init__(data, initial={name: getattr(notice, name) for name in NAMES})
        self.fields.update(model_fields(LegalNotice, NAMES))
        for name in TEXTS:
            old = self.fields[name]
            self.fields[name] = MultilineField(
                label=old.label,
                required=False,
                validators=old.validators,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        self.fields["audited_on"].widget = DateInput()
        for name, text in HELP.items():
            self.fields[name].help_text = text
        for name in (*REQUIRED, *OF_AUDIT):
            self.fields[name].is_conditional = True  # type: ignore[attr-defined]
