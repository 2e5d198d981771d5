from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class PartnerRefusal(RefusalCode):
    LOGO_TOO_LARGE = "logo_too_large", _("Le logo « {filename} » dépasse {max} Mo : réduisez-le.")
    LOGO_KIND = (
        "logo_kind",
        _("« {filename} » n’est pas une image PNG, JPEG ou WebP : enregistrez le logo ainsi."),
    )
    DOCUMENT_TOO_LARGE = (
        "client_document_too_large",
        _("« {filename} » dépasse {max} Mo : réduisez-le, ou mettez un lien dans la présentation."),
    )
    TOO_MANY = "partners_too_many", _("Une édition a {max} partenaires au plus.")
