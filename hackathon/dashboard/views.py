"""Pages that look over all apps."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render


def home(request: HttpRequest) -> HttpResponse:
    """The public page."""
    return render(request, "dashboard/home.html")


def start(request: HttpRequest) -> HttpResponse:
    """Where somebody lands after signing in."""
    return redirect("home")
