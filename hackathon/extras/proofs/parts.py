from collections.abc import Collection

from django.http import HttpRequest
from django.template.loader import render_to_string

from hackathon.event.editions.models import Edition
from hackathon.extras.proofs import selectors


def prove(request: HttpRequest, edition: Edition) -> str:
    """The address of the page has the submission. Two queries."""
    assert request.resolver_match is not None
    submission = selectors.get_submission(
        request.user, edition.slug, request.resolver_match.kwargs["pk"]
    )
    context = {"submission": submission, "is_sealed": selectors.is_sealed(submission)}
    return render_to_string("proofs/_prove.html", context, request)


def how(request: HttpRequest, edition: Edition) -> str:
    return render_to_string("proofs/_how.html", {"edition": edition}, request)


def about_digests(_edition: Edition, digests: Collection[str]) -> dict[str, str]:
    """Of seals over all. One query."""
    return {
        seal.digest: render_to_string("proofs/_seal.html", {"seal": seal})
        for seal in selectors.seals_with_tree(digests)
    }
