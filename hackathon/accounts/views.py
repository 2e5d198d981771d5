"""Pages of the account that allauth does not have."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hackathon.accounts import services
from hackathon.accounts.forms import ProfileForm
from hackathon.accounts.models import User
from hackathon.core import clock


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Name, password, sign out."""
    user = cast(User, request.user)
    form = ProfileForm(request.POST or None, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        services.rename(user, form.cleaned_data["name"], by=user, at=clock.now())
        messages.success(request, _("Nom enregistré."))
        return redirect("accounts:profile")
    status = 422 if form.is_bound else 200
    return render(request, "accounts/profile.html", {"form": form}, status=status)
