from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class ProofRefusal(RefusalCode):
    NOT_SEALED_YET = (
        "not_sealed_yet",
        _("La preuve existe dès que le scellé est fait : revenez peu après le {instant}."),
    )
    NOT_SEALED = (
        "not_sealed",
        _(
            "Cette version n’est dans aucun scellé : elle ne comptait à aucun de leurs instants."
            " Prouvez celle qui compte."
        ),
    )
    SEAL_WITHOUT_TREE = (
        "seal_without_tree",
        _("Les scellés de cette édition sont d’avant les preuves. Gardez votre reçu en PDF."),
    )
    SEAL_DAMAGED = (
        "seal_damaged",
        _(
            "Le scellé enregistré a changé : aucune preuve n’est possible. Prévenez"
            " l’organisation, et gardez les preuves que vous avez déjà."
        ),
    )
