from typing import Any

from rest_framework.request import Request

from hackathon.base.core import clock
from hackathon.base.core.api import queried, reads, writes
from hackathon.base.core.scopes import Scope
from hackathon.base.core.views import edition_of
from hackathon.day.announcements import audiences, rules, selectors
from hackathon.day.announcements.models import Announcement
from hackathon.day.announcements.serializers import (
    AnnouncementSerializer,
    CorrectionSerializer,
    PendingSerializer,
    PublishedAnnouncementSerializer,
    announcement_as_dict,
)
from hackathon.day.announcements.services import announcements
from hackathon.event.editions.endpoint import EditionEndpoint, organized
from hackathon.event.editions.models import Edition
from hackathon.event.roles import roles_of


class _Announcements(EditionEndpoint):
    scope = Scope.ANNOUNCE

    def body(self, announcement: Announcement) -> dict[str, Any]:
        return announcement_as_dict(announcement, audiences.department_codes(self.edition))


class Announcements(_Announcements):
    """`/api/v1/announcements/`: everybody reads those addressed to them, organizers announce."""

    public = True

    @reads(
        PublishedAnnouncementSerializer,
        many=True,
        operation_id="announcements",
        parameters=[PendingSerializer],
    )
    def get(self, request: Request) -> Any:
        """Newest first."""
        edition = edition_of(request)
        if edition is None:
            return []
        if queried(PendingSerializer, request)["pending"]:
            listed = selectors.pending_announcements(self.organized, at=clock.now())
        else:
            roles = roles_of(request.user, edition)
            listed = selectors.announcements_for(roles, edition, None, at=clock.now())
        codes = audiences.department_codes(edition)
        page = self.page(listed)
        page[:] = [announcement_as_dict(announcement, codes) for announcement in page]
        return page

    @writes(
        AnnouncementSerializer,
        PublishedAnnouncementSerializer,
        operation_id="announce",
        first=organized,
    )
    def post(self, request: Request, edition: Edition, body: dict[str, Any], at: Any) -> Any:
        """Markdown to `everyone`, `department:CODE` or `team:ID`; without `publish_at` at once."""
        audience, label = body["audience"]
        return self.body(
            announcements.announce(
                edition=edition,
                audience=audience,
                audience_label=label,
                body=body["body"],
                pinned=body["pinned"],
                by_mail=body["mail"],
                publish_at=body["publish_at"],
                by=self.user,
                at=at,
            )
        )


def _announcement(endpoint: EditionEndpoint) -> Announcement:
    return selectors.get_announcement_of(endpoint.organized, endpoint.kwargs["pk"])


class AnnouncementDetail(_Announcements):
    """One announcement, for organizers."""

    @reads(PublishedAnnouncementSerializer)
    def get(self, request: Request, pk: int) -> Any:
        return self.body(_announcement(self))

    @writes(CorrectionSerializer, PublishedAnnouncementSerializer, status=200, first=_announcement)
    def patch(
        self, request: Request, announcement: Announcement, body: dict[str, Any], at: Any
    ) -> Any:
        """Corrects what is published: a new text is unread again. What is not yet changes."""
        fields = {
            "body": body.get("body", announcement.body),
            "pinned": body.get("pinned", announcement.pinned),
            "by_mail": body.get("mail", False),
        }
        if rules.announcement_is_pending(announcement, at=at):
            fields |= {
                "audience": announcement.audience,
                "audience_label": announcement.audience_label,
            }
            fields |= {"publish_at": announcement.published_at}
            fields["by_mail"] = body.get("mail", announcement.by_mail)
            changed = announcements.change(announcement=announcement, by=self.user, at=at, **fields)
        else:
            changed = announcements.correct(
                announcement=announcement, by=self.user, at=at, **fields
            )
        return self.body(changed)

    @writes(None, first=_announcement)
    def delete(self, request: Request, announcement: Announcement, at: Any) -> None:
        """Withdraws it from all pages."""
        announcements.withdraw(announcement=announcement, by=self.user, at=at)
