from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hackathon.base.core import clock
from hackathon.base.core.file_responses import pdf_response
from hackathon.base.core.views import Request
from hackathon.extras.letters import letter_pdf
from hackathon.extras.letters.selectors import get_own_letter
from judging.ceremony.views.public import figures_of


@login_required
@never_cache
@require_safe
def letter(request: Request) -> HttpResponse:
    own = get_own_letter(request.user, request.edition, at=clock.now())
    return render(request, "letters/letter.html", {"letter": own, **figures_of(own.marks)})


@login_required
@require_safe
def letter_file(request: Request) -> HttpResponseBase:
    own = get_own_letter(request.user, request.edition, at=clock.now())
    pdf, filename = letter_pdf.render(own), letter_pdf.filename(own)
    return pdf_response(pdf, filename=filename, request=request)
