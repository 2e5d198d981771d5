from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    """The frame of every page: navigation, page clock, live socket, public page."""

    name = "hackathon.site"
    label = "site"
    verbose_name = _("Site")
