from pathlib import Path

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hackathon.base.core import clock
from hackathon.base.core.views import Request
from hackathon.event.editions.models import Edition
from hackathon.event.editions.selectors import get_published_edition
from hackathon.event.editions.views.setup import for_organizers
from hackathon.extras.static_archive import folder
from hackathon.extras.static_archive.crawl import ArchiveError
from submissions.archives.contents import Entry
from submissions.archives.stream import zip_response


@never_cache
@require_safe
@for_organizers
def download(request: Request, edition: Edition) -> HttpResponseBase:
    """What `publish-archive` writes. Not found before the publication."""
    edition = get_published_edition(edition.slug, at=clock.now())
    try:
        written, notes = folder.temporary(edition.slug)
    except ArchiveError as error:
        messages.error(request, str(error))
        return redirect("judging:publish", edition.slug)
    for note in notes:  # the next page shows them
        messages.warning(request, note)
    at, start = edition.results_published_at, Path(written.name)
    assert at is not None
    entries = [
        Entry(f"{edition.slug}/{path.relative_to(start)}", at, path.stat().st_size, source=path)
        for path in sorted(start.rglob("*"))
        if path.is_file()
    ]
    return zip_response(
        request, edition, entries, name=f"archive {edition.slug}", closed=written.cleanup
    )
