"""No sentence contains the text: before its publication only organizers may read it."""

from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Annonces"),
    {
        "announcement.published": _("{who} a fait une annonce : {to}."),
        "announcement.scheduled": _("{who} a programmé une annonce : {to}."),
        "announcement.changed": _("{who} a modifié une annonce programmée : {to}."),
        "announcement.cancelled": _("{who} a annulé une annonce programmée : {to}."),
        "announcement.corrected": _("{who} a corrigé une annonce : {to}."),
        "announcement.pinned": _("{who} a épinglé ou détaché une annonce : {to}."),
        "announcement.withdrawn": _("{who} a retiré une annonce : {to}."),
    },
)
