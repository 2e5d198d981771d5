from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hackathon.accounts import services
from hackathon.accounts.forms import ProfileForm
from hackathon.core import clock
from hackathon.core.views import Request, accepted, form_page, posted


@login_required
def profile(request: Request) -> HttpResponse:
    user = request.user
    form = ProfileForm(posted(request), initial={"name": user.name})
    if accepted(
        form, lambda: services.rename(user, form.cleaned_data["name"], by=user, at=clock.now())
    ):
        messages.success(request, _("Nom enregistré."))
        return redirect("accounts:profile")
    return form_page(request, "accounts/profile.html", form)
