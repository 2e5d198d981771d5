"""allauth looks for `provider_classes` in the module `provider` of each app."""

from hackathon.base.accounts.university.providers import CasProvider, OpenIdProvider

provider_classes = [OpenIdProvider, CasProvider]
