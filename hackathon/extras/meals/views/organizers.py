from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hackathon.base.core import clock
from hackathon.base.core.errors import NotFound
from hackathon.base.core.exports import exported
from hackathon.base.core.tables import rows_formset
from hackathon.base.core.views import Request, accepted, form_page, perform, posted, refusal_of
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers, not_for_readers
from hackathon.event.printing.answers import sheet_answer
from hackathon.extras.meals import exports, selectors, services, sheets
from hackathon.extras.meals.enums import EaterFilter
from hackathon.extras.meals.forms import SPARE_ROWS, DishForm, DishRow, EaterFilterForm, PlanForm

PER_PAGE = 100
DishTable = rows_formset(DishRow, spare=SPARE_ROWS)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def index(request: Request, edition: Edition) -> HttpResponse:
    plan = selectors.plan_of(edition)
    form = PlanForm(posted(request), edition=edition, plan=plan)
    if accepted(
        form,
        lambda: services.save_plan(
            edition=edition, by=request.user, at=clock.now(), **form.cleaned_data
        ),
    ):
        messages.success(request, _("Les repas sont réglés."))
        return redirect("meals:index", edition.slug)
    eaters = selectors.eaters_of(edition)
    needs = selectors.needs_of(edition, request.user, at=clock.now())
    counts = {
        which.name.lower(): len(selectors.found_eaters(eaters, which=which, needs=needs))
        for which in EaterFilter
    }
    context = _context(edition, "plan") | {"plan": plan, "counts": counts}
    return form_page(request, "meals/index.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def dishes(request: Request, edition: Edition) -> HttpResponse:
    offered = selectors.dishes_of(edition)
    if file := exported(request, f"carte-{edition.slug}", exports.DISHES, lambda: offered):
        return file
    stored = {
        dish.pk: {name: getattr(dish, name) for name in services.DISH_FIELDS} for dish in offered
    }
    formset = DishTable(posted(request), prefix="dishes", stored=stored, new={})
    if formset.is_bound and formset.is_valid():
        rows, refused = formset.rows(), {}
        refusal = refusal_of(
            lambda: refused.update(
                services.save_dishes(edition, rows, by=request.user, at=clock.now())
            )
        )
        for index, why in refused.items():
            rows[index].form.add_error("DELETE" if rows[index].values is None else "name", str(why))
        if refusal:
            messages.error(request, refusal)
        elif not refused:
            messages.success(request, _("La carte est enregistrée."))
            return redirect("meals:dishes", edition.slug)
    context = _context(edition, "dishes") | {"formset": formset}
    status = 422 if formset.is_bound else 200
    return render(request, "meals/dishes.html", context, status=status)


@not_for_readers
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def people(request: Request, edition: Edition) -> HttpResponse:
    """Everybody, with their dietary needs, which organizers alone may read."""
    wanted = EaterFilterForm(request.GET)
    if request.method == "POST":
        return _choose(request, edition, wanted.query)
    needs = selectors.needs_of(edition, request.user, at=clock.now())
    eaters = selectors.eaters_of(edition)
    matching = selectors.found_eaters(eaters, text=wanted.text, which=wanted.wanted, needs=needs)
    # Who has needs is health data too, which a file must not contain.
    lines = eaters if wanted.wanted == EaterFilter.NEEDS else matching
    if file := exported(request, f"repas-{edition.slug}", exports.EATERS, lambda: lines):
        return file
    page = Paginator(matching, PER_PAGE).get_page(request.GET.get("page"))
    context = _context(edition, "people") | {
        "filter": wanted,
        "page": page,
        "people": [(eater, needs.get(eater.pk, "")) for eater in page.object_list],
        "dishes": selectors.dishes_of(edition),
    }
    return render(request, "meals/people.html", context)


def _choose(request: Request, edition: Edition, query: str) -> HttpResponse:
    form = DishForm(request.POST, edition=edition)
    url = f"{reverse('meals:people', args=[edition.slug])}?{query}"
    if not form.is_valid() or not form.cleaned_data["person"]:
        messages.error(request, _("Choisissez un plat de la carte."))
        return redirect(url)
    user, dish = (
        selectors.get_eater(edition, form.cleaned_data["person"]),
        form.cleaned_data["dish"],
    )
    done = _("C’est choisi pour %(name)s : %(dish)s.")
    return perform(
        request,
        lambda: services.choose(edition, user, dish, by=request.user, at=clock.now()),
        done=done % {"name": user.display_name, "dish": dish},
        to=url,
    )


@require_safe
@for_organizers
def order(request: Request, edition: Edition) -> HttpResponse:
    orders = selectors.orders_of(selectors.eaters_of(edition))
    lines = [line for one in orders for line in one.lines]
    if file := exported(request, f"commande-{edition.slug}", exports.ORDER, lambda: lines):
        return file
    context = _context(edition, "order") | {"orders": orders, "plan": selectors.plan_of(edition)}
    return render(request, "meals/order.html", context)


@not_for_readers
@require_safe
@for_organizers
def sheet(request: Request, edition: Edition, name: str) -> HttpResponseBase:
    if name not in sheets.SHEETS:
        raise NotFound
    plan = selectors.plan_of(edition)
    served_at = plan.milestone.at if plan and plan.milestone else None
    pdf = sheets.SHEETS[name](edition, selectors.eaters_of(edition), served_at)
    return sheet_answer(request, edition, name, pdf, back="meals:index")


def _context(edition: Edition, page: str) -> dict[str, Any]:
    return {"managed": edition, "meals_page": page}
