from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import Concerns, Extra, Part, Place, registry
from hackathon.extras.proofs import api, parts

registry.add(
    Extra(
        "proofs",
        _("Preuves de dépôt"),
        _("Une équipe garde un fichier qui montre, sans le site, que son dépôt est scellé."),
        (Concerns.STUDENTS,),
        parts=(Part(Place.RECEIPT, parts.prove), Part(Place.SEALS, parts.how)),
        about_digests=parts.about_digests,
        api={"submissions/<int:pk>/proof": api.SubmissionProof},
    )
)
