from allauth.account.internal.flows.login import record_authentication
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.base.core.errors import NotFound, RefusalCode, Refused, refuse
from hackathon.base.core.views import accepted, form_page, posted
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import FIELD_OF
from hackathon.event.setup import selectors
from hackathon.event.setup.errors import SetupRefusal
from hackathon.event.setup.forms import InstallForm
from hackathon.event.setup.services import installation

FIELDS: dict[RefusalCode, str] = {**FIELD_OF, **dict.fromkeys(SetupRefusal, "code")}


@sensitive_post_parameters("code", "password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def install(request: HttpRequest) -> HttpResponse:
    if selectors.is_installed():
        raise NotFound
    form, at = InstallForm(posted(request)), clock.now()

    def save() -> tuple[User, Edition]:
        # Counted for each code: who prints another one is not kept waiting by others.
        key = installation.key_of_attempts()
        if not ratelimit.consume(request, action="setup_code", key=key):
            raise Refused(refuse(SetupRefusal.TOO_MANY_CODES))
        names = ("code", "email", "person", "password")
        person = {name: form.cleaned_data[name] for name in names}
        return installation.install(at=at, **person, **form.edition_fields(at=at))

    if not (made := accepted(form, save, fields=FIELDS)):
        return form_page(request, "setup/install.html", form)
    user, edition = made.result
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    # The code of the console and the new password are a proof as fresh as that of a sign-in.
    record_authentication(request, user, method="password")
    messages.success(
        request, _("Bienvenue. Votre édition est un brouillon : personne d’autre ne la voit.")
    )
    return redirect("setup:edition", edition.slug)
