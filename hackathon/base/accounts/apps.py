from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "hackathon.base.accounts"
    label = "accounts"
    verbose_name = _("Comptes")

    def ready(self) -> None:
        from hackathon.base.accounts import receivers  # noqa: F401
