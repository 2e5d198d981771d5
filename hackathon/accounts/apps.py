from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and how they sign in."""

    name = "hackathon.accounts"
    label = "accounts"
    verbose_name = "Comptes"

    def ready(self) -> None:
        """Listen to sessions, accounts and tokens."""
        from hackathon.accounts import receivers  # noqa: F401
