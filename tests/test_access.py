from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from hackathon.accounts.models import User
from tests.addresses import World, routes
from tests.conftest import NOON, prove
from tests.responses import without_page_not_found

EVERYBODY = frozenset(["anonymous", "ada", "ben", "cleo", "loner", "dan", "diane", "max", "eve"])
SIGNED_IN = EVERYBODY - {"anonymous"}
TEAM = frozenset(["ada", "ben"])  # of the team whose objects are requested
STUDENTS = TEAM | {"cleo"}  # of any team, for pages about the own team
JURY = frozenset(["dan", "diane", "max"])
CLIENT = frozenset(["max"])
PRESIDENT = frozenset(["diane"])
TEACHERS = frozenset(["dan", "diane"])  # they answer the world's call; max is the client
ORGANIZER = frozenset(["eve"])
SERVING = frozenset(["dan"]) | ORGANIZER  # dan answers the calls for technical help too
# Their requests make the queries of all roles. PostgreSQL can make no difference to the others.
ON_POSTGRES = frozenset(["anonymous", "ada", "diane", "eve"])
NOBODY_YET = frozenset(["not yet"])  # 404 also when signed out: results are not published

# The roles that get an answer. Other signed-in roles get 404, anonymous users the sign-in page.
GET: dict[str, frozenset[str]] = {
    "account_login": EVERYBODY,
    "account_request_login_code": EVERYBODY,
    "account_reset_password": EVERYBODY,
    "account_logout": EVERYBODY,
    "account_inactive": EVERYBODY,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "account_email": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "accounts:address-codes": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,  # after their password
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_deactivate_totp": frozenset(),  # once there is an application
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_list_webauthn": EVERYBODY,  # leads to mfa_index
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_view_recovery_codes": frozenset(),
    "accounts:university": frozenset(),  # without the settings of a university
    "accounts:oidc-callback": NOBODY_YET,
    "accounts:cas-callback": NOBODY_YET,
    "accounts:sessions": SIGNED_IN,
    "people:delete-account": SIGNED_IN,
    "accounts:enter": EVERYBODY,
    "accounts:name": SIGNED_IN,
    "accounts:other-device": SIGNED_IN,
    "accounts:phone": SIGNED_IN,
    "accounts:profile": SIGNED_IN,
    "accounts:tokens": SIGNED_IN,
    "api:announcement": ORGANIZER,
    "api:announcements": EVERYBODY,
    "api:attachment-content": SIGNED_IN,
    "api:brief": SIGNED_IN,
    "api:briefs": SIGNED_IN,
    "api:criteria": SIGNED_IN,  # of the user's juries, empty for most
    "api:deliverables": SIGNED_IN,
    "api:departments": EVERYBODY,
    "api:edition": EVERYBODY,
    "api:editions": SIGNED_IN,
    "api:envelopes": EVERYBODY,
    "api:extensions": ORGANIZER,
    "api:help-request": TEAM | TEACHERS | ORGANIZER,
    "api:help-requests": SIGNED_IN,  # the user's own, empty for most
    "api:journal": ORGANIZER,
    "api:juries": SIGNED_IN,  # the user's own, empty for most
    "api:live": EVERYBODY,
    "api:me": SIGNED_IN,
    "api:milestones": EVERYBODY,
    "api:people": ORGANIZER,
    "api:person": ORGANIZER,
    "api:plan": ORGANIZER,
    "api:progress": ORGANIZER,
    "api:question": CLIENT | ORGANIZER,
    "api:questions": SIGNED_IN,
    "api:results": EVERYBODY,
    "api:schema": EVERYBODY,
    "api:seal": EVERYBODY,  # of the seal over all; the others are for organizers
    "api:seals": EVERYBODY,
    "api:sheet": JURY,
    "api:sheets": SIGNED_IN,  # the user's own, empty for most
    "api:submission": TEAM | ORGANIZER,
    "api:submission-content": TEAM | ORGANIZER,
    "api:team": TEAM | ORGANIZER,
    "api:teams": SIGNED_IN,  # the user's own, empty for most
    "announcements:new": ORGANIZER,
    "announcements:edit": ORGANIZER,
    "announcements:reach": ORGANIZER,
    "announcements:list": EVERYBODY,
    "questions:ask": STUDENTS,
    "control_room:block": ORGANIZER,
    "stage:ceremony": EVERYBODY,
    "stage:ceremony-scene": EVERYBODY,
    "stage:ceremony-watch": EVERYBODY,
    "control_room:control": ORGANIZER,
    "site:api": EVERYBODY,
    "site:calendar": SIGNED_IN,
    "site:calendar-personal": NOBODY_YET,  # 404 without the secret address
    "site:calendar-public": EVERYBODY,
    "site:accessibility": EVERYBODY,
    "site:contact": EVERYBODY,
    "site:manifest": EVERYBODY,
    "site:rules": EVERYBODY,
    "operations:health": ORGANIZER,
    "site:counts": SIGNED_IN,
    "control_room:extension": ORGANIZER,
    "site:facade": EVERYBODY,
    "control_room:freeze": ORGANIZER,
    "control_room:move": ORGANIZER,
    "site:package": TEAM | JURY,  # of the brief's department
    "site:package-key": TEAM | JURY,  # from the brief's instant on
    "site:packages": SIGNED_IN,  # of the user's departments, empty for most
    "questions:detail": CLIENT | ORGANIZER,
    "questions:publish": CLIENT | ORGANIZER,
    "questions:list": SIGNED_IN,
    "questions:queue": CLIENT | ORGANIZER,
    "stage:remote": ORGANIZER,
    "stage:scene": EVERYBODY,
    "stage:projector": EVERYBODY,
    "stage:choose": ORGANIZER,
    "stage:projector-watch": EVERYBODY,
    "site:start": SIGNED_IN,
    "control_room:team": ORGANIZER,
    "control_room:warn": ORGANIZER,
    "editions:attachment": SIGNED_IN,
    "editions:brief": SIGNED_IN,
    "editions:brief-edit": ORGANIZER,
    "editions:brief-table": ORGANIZER,
    "editions:briefs": SIGNED_IN,
    "questions:canned": ORGANIZER,
    "questions:canned-edit": ORGANIZER,
    "editions:clone": ORGANIZER,
    "editions:create": ORGANIZER,
    "editions:department": ORGANIZER,
    "editions:departments": ORGANIZER,
    "setup:edition": ORGANIZER,
    "setup:installation": NOBODY_YET,  # for an empty site
    "setup:state": ORGANIZER,
    "editions:identity": ORGANIZER,
    "editions:list": ORGANIZER,
    "editions:milestone": ORGANIZER,
    "editions:milestones": ORGANIZER,
    "editions:schedule": ORGANIZER,
    "imports:index": ORGANIZER,
    "imports:preview": ORGANIZER,
    "journal:current": ORGANIZER,
    "journal:index": ORGANIZER,
    "operations:preflight": ORGANIZER,
    "rehearsal:report": ORGANIZER,
    "rehearsal:small": ORGANIZER,
    "meals:card": STUDENTS,
    "meals:dishes": ORGANIZER,
    "meals:handout": SERVING,
    "meals:index": ORGANIZER,
    "meals:needs": STUDENTS,
    "meals:order": ORGANIZER,
    "meals:own": STUDENTS,
    "meals:people": ORGANIZER,
    "meals:sheet": ORGANIZER,
    "people:detail": ORGANIZER,
    "webhooks:detail": ORGANIZER,
    "webhooks:index": ORGANIZER,
    "people:index": ORGANIZER,
    "teams:captain": ORGANIZER,
    "teams:department-change": ORGANIZER,
    "teams:merge": ORGANIZER,
    "teams:move-members": ORGANIZER,
    "teams:rename": ORGANIZER,
    "teams:split": ORGANIZER,
    "control_room:sheet": ORGANIZER,
    "imports:complete": ORGANIZER,
    "teams:students": ORGANIZER,
    "home": EVERYBODY,
    "judging:amend-criteria": PRESIDENT,
    "judging:amend-criterion": PRESIDENT,
    "judging:archive": JURY,
    "judging:badge": EVERYBODY,
    "judging:handover": JURY,  # and anonymous users of a tablet that a juror has handed over
    "judging:kit": JURY,
    "judging:manifest": EVERYBODY,
    "judging:worker": EVERYBODY,
    "judging:archive-team": JURY,
    "judging:badges": ORGANIZER,
    "judging:content": JURY,
    "judging:copy": JURY,
    "judging:criterion": ORGANIZER,
    "judging:criteria-table": ORGANIZER,
    "judging:criterion-create": ORGANIZER,
    "judging:deliberation": PRESIDENT,
    "judging:progress": ORGANIZER,
    "judging:progress-report": PRESIDENT | ORGANIZER,
    "judging:envelope": NOBODY_YET,
    "judging:envelopes": EVERYBODY,
    "judging:index": JURY,
    "judging:juror": ORGANIZER,
    "judging:juror-create": ORGANIZER,
    "judging:jurors-create": ORGANIZER,
    "judging:lock": PRESIDENT,
    "judging:marks": frozenset(),  # once it is locked
    "judging:minutes": frozenset(),  # once it is locked
    "judging:reopen": PRESIDENT,
    "judging:second-readings": PRESIDENT,
    "judging:sign": JURY,
    "judging:preview": STUDENTS,
    "judging:preview-content": TEAM | ORGANIZER,
    "judging:preview-copy": TEAM | ORGANIZER,
    "judging:own-team": frozenset(),  # for its team, after the results
    "judging:my-recusals": JURY,
    "judging:palmares": EVERYBODY,
    "judging:plan": ORGANIZER,
    "judging:publish": ORGANIZER,
    "judging:recusal-create": ORGANIZER,
    "judging:recuse": JURY,
    "judging:setup": ORGANIZER,
    "judging:sheet": JURY,
    "judging:thumbnail": JURY,
    "judging:winner-picture": NOBODY_YET,
    "printing:certificate": NOBODY_YET,  # of a code that is not genuine
    "printing:certificates": EVERYBODY,
    "printing:index": ORGANIZER,
    "printing:sheet": ORGANIZER,
    "printing:where": TEAM | JURY | ORGANIZER,
    "submissions:archive": ORGANIZER,
    "submissions:archive-department": ORGANIZER,
    "submissions:archive-own": STUDENTS,
    "submissions:archive-team": ORGANIZER,
    "submissions:archives": ORGANIZER,
    "submissions:content": TEAM | ORGANIZER,
    "submissions:deliverable-create": ORGANIZER,
    "submissions:deliverable-edit": ORGANIZER,
    "submissions:deliverables-table": ORGANIZER,
    "submissions:deliverables": ORGANIZER,
    "submissions:deposit": TEAM,
    "submissions:deposits": SIGNED_IN,
    "submissions:entry": ORGANIZER,
    "submissions:extensions": ORGANIZER,
    "submissions:public-seals": EVERYBODY,
    "submissions:receipt": TEAM | ORGANIZER,
    "submissions:receipt-check": EVERYBODY,
    "submissions:receipt-pdf": TEAM | ORGANIZER,
    "submissions:receipt-search": EVERYBODY,
    "submissions:seal": ORGANIZER,
    "submissions:seal-manifest": EVERYBODY,  # as api:seal
    "submissions:seals": ORGANIZER,
    "submissions:status": SIGNED_IN,
    "submissions:thumbnail": TEAM | ORGANIZER,
    "teams:duties": ORGANIZER,
    "teams:edit": STUDENTS,
    "teams:enter": ORGANIZER,
    "teams:find": SIGNED_IN,
    "teams:help": STUDENTS,
    "teams:join": SIGNED_IN,
    "teams:leave": STUDENTS,
    "teams:mails": STUDENTS,
    "teams:searches": ORGANIZER,  # once registration is closed
    "teams:list": ORGANIZER,
    "teams:mine": SIGNED_IN,
    "teams:organized": ORGANIZER,
    "teams:pass-captaincy": STUDENTS,
    "teams:queue": JURY | ORGANIZER,
    "teams:register": SIGNED_IN,
    "teams:remove": TEAM | ORGANIZER,
}
POST: dict[str, frozenset[str]] = {
    "accounts:cas-callback": NOBODY_YET,
    "accounts:cas-start": NOBODY_YET,
    "accounts:oidc-start": NOBODY_YET,
    "accounts:university-unlink": frozenset(["ada"]),  # whose link it is
    "account_email": SIGNED_IN,
    "account_logout": EVERYBODY,
    "accounts:address-codes": SIGNED_IN,
    "accounts:session-end": frozenset(["ada"]),  # whose session it is
    "accounts:sessions-end": SIGNED_IN,
    "people:delete-account": SIGNED_IN,
    "push:subscribe": SIGNED_IN,
    "push:unsubscribe": SIGNED_IN,
    "accounts:enter": EVERYBODY,
    "accounts:name": SIGNED_IN,
    "accounts:other-device": SIGNED_IN,
    "accounts:phone": SIGNED_IN,
    "accounts:token-revoke": frozenset(["ada"]),  # whose token it is
    "accounts:tokens": SIGNED_IN,
    "announcements:new": ORGANIZER,
    "announcements:edit": ORGANIZER,
    "announcements:withdraw": ORGANIZER,
    "control_room:extension": ORGANIZER,
    "control_room:freeze": ORGANIZER,
    "control_room:move": ORGANIZER,
    "questions:ask": STUDENTS,
    "questions:detail": CLIENT | ORGANIZER,
    "questions:close": CLIENT | ORGANIZER,
    "questions:publish": CLIENT | ORGANIZER,
    "questions:release": CLIENT | ORGANIZER,
    "questions:take": CLIENT | ORGANIZER,
    "questions:unpublish": CLIENT | ORGANIZER,
    "announcements:read": EVERYBODY,
    "site:calendar": SIGNED_IN,
    "stage:remote": ORGANIZER,
    "stage:choose": ORGANIZER,
    "control_room:warn": ORGANIZER,
    "editions:attachment-remove": ORGANIZER,
    "editions:brief-edit": ORGANIZER,
    "editions:brief-table": ORGANIZER,
    "questions:canned": ORGANIZER,
    "questions:canned-delete": ORGANIZER,
    "questions:canned-edit": ORGANIZER,
    "editions:clone": ORGANIZER,
    "editions:create": ORGANIZER,
    "editions:department": ORGANIZER,
    "editions:department-delete": ORGANIZER,
    "editions:departments": ORGANIZER,
    "editions:identity": ORGANIZER,
    "editions:milestone": ORGANIZER,
    "editions:milestone-delete": ORGANIZER,
    "editions:move-undo": ORGANIZER,
    "editions:milestones": ORGANIZER,
    "editions:schedule": ORGANIZER,
    "setup:installation": NOBODY_YET,
    "setup:state": ORGANIZER,
    "imports:index": ORGANIZER,
    "imports:preview": ORGANIZER,
    "imports:undo": ORGANIZER,
    "operations:test-mail": ORGANIZER,
    "rehearsal:small": ORGANIZER,
    "meals:choose": STUDENTS,
    "meals:dishes": ORGANIZER,
    "meals:index": ORGANIZER,
    "meals:needs": STUDENTS,
    "meals:people": ORGANIZER,
    "meals:synchronise": SERVING,
    "people:duty-remove": ORGANIZER,
    "webhooks:delete": ORGANIZER,
    "webhooks:enable": ORGANIZER,
    "webhooks:index": ORGANIZER,
    "webhooks:send-again": ORGANIZER,
    "webhooks:test": ORGANIZER,
    "people:index": ORGANIZER,
    "people:organizer-remove": ORGANIZER,
    "people:send-code": ORGANIZER,
    "people:set-active": ORGANIZER,
    "teams:captain": ORGANIZER,
    "teams:department-change": ORGANIZER,
    "teams:merge": ORGANIZER,
    "teams:move-members": ORGANIZER,
    "teams:rename": ORGANIZER,
    "teams:split": ORGANIZER,
    "teams:note": ORGANIZER,
    "teams:note-delete": ORGANIZER,
    "teams:presence": ORGANIZER,
    "teams:visit": ORGANIZER,
    "control_room:act-on-teams": ORGANIZER,
    "imports:complete": ORGANIZER,
    "teams:students": ORGANIZER,
    "judging:amend-criterion": PRESIDENT,
    "judging:badges": ORGANIZER,
    "judging:badge": EVERYBODY,
    "judging:criterion": ORGANIZER,
    "judging:criteria-table": ORGANIZER,
    "judging:criterion-create": ORGANIZER,
    "judging:criterion-delete": ORGANIZER,
    "judging:criterion-move": ORGANIZER,
    "judging:deliberation": PRESIDENT,
    "judging:handover": JURY,
    "judging:juror": ORGANIZER,
    "judging:juror-create": ORGANIZER,
    "judging:juror-dismiss": ORGANIZER,
    "judging:badge-void": ORGANIZER,
    "judging:juror-leave": ORGANIZER,
    "control_room:flag-close": ORGANIZER,
    "judging:juror-return": ORGANIZER,
    "judging:jurors-create": ORGANIZER,
    "judging:sealed": EVERYBODY,  # sealed changes are stored unread
    "judging:synchronise": JURY,
    "judging:jurors-invite": ORGANIZER,
    "judging:lock": PRESIDENT,
    "judging:open-to-sign": PRESIDENT,
    "judging:reopen": PRESIDENT,
    "judging:second-readings": PRESIDENT,
    "judging:sign": JURY,
    "judging:my-recusal-withdraw": frozenset(["dan"]),  # the juror of the recusal
    "judging:plan": ORGANIZER,
    "judging:plan-change": ORGANIZER,
    "judging:publish": ORGANIZER,
    "judging:recusal-create": ORGANIZER,
    "judging:recusal-withdraw": ORGANIZER,
    "judging:recuse": JURY,
    "judging:setup": ORGANIZER,
    "judging:sheet": JURY,
    "submissions:deliverable-create": ORGANIZER,
    "submissions:deliverable-delete": ORGANIZER,
    "submissions:deliverable-edit": ORGANIZER,
    "submissions:deliverables-table": ORGANIZER,
    "submissions:deliverable-move": ORGANIZER,
    "submissions:deposit": TEAM,
    "submissions:entry": ORGANIZER,
    "submissions:extension-revoke": ORGANIZER,
    "submissions:extensions": ORGANIZER,
    "teams:add-member": ORGANIZER,
    "teams:dissolve": ORGANIZER,
    "teams:duties": ORGANIZER,
    "teams:duty-remove": ORGANIZER,
    "teams:edit": STUDENTS,
    "teams:enter": ORGANIZER,
    "teams:entry-code": ORGANIZER,
    "teams:find": SIGNED_IN,
    "teams:help": STUDENTS,
    "teams:help-claim": TEACHERS | ORGANIZER,
    "teams:help-finish": TEACHERS | ORGANIZER,
    "teams:help-release": TEACHERS | ORGANIZER,
    "teams:help-start": TEACHERS | ORGANIZER,
    "teams:help-withdraw": TEAM,
    "teams:join": SIGNED_IN,
    "teams:leave": STUDENTS,
    "teams:mails": STUDENTS,
    "teams:invitation": frozenset(["loner"]),  # who is invited
    "teams:search-invite": TEAM,  # of the department in which loner looks for a team
    "teams:search-remove": TEAM | ORGANIZER | {"loner"},
    "teams:searches": ORGANIZER,
    "teams:wanted-remove": ORGANIZER,
    "teams:pass-captaincy": STUDENTS,
    "teams:register": SIGNED_IN,
    "teams:renew-code": STUDENTS,
    "teams:remove": TEAM | ORGANIZER,
    "teams:room": ORGANIZER,
}
# Steps of allauth's flows, whose answers depend on the session only.
STEPS_OF_SIGN_IN = {
    "account_complete_password_reset",
    "account_confirm_login_code",
    "account_confirm_password_reset_code",
    "account_email_verification_sent",
    "account_password_reset_completed",
    "account_signup",
    "mfa_authenticate",
    "socialaccount_login_cancelled",
    "set_language",
}
OF_API = [name for name in GET if name.startswith("api:")]
TABLES = {"get": GET, "post": POST}


def outcome(response: HttpResponse) -> str:
    if response.streaming:
        list(response.streaming_content)  # to the end, which closes the file
    if response.status_code == 401 or (
        response.status_code == 302 and response["Location"].startswith(reverse("account_login"))
    ):
        return "login"
    if response.status_code in (403, 405) or response.status_code >= 500:
        return f"status {response.status_code}"
    return "none" if response.status_code == 404 else "answer"


def test_every_route_is_in_the_table() -> None:
    known = set(GET) | set(POST) | STEPS_OF_SIGN_IN
    assert {r.name for r in routes() if not r.name.startswith("api:")} == known - set(OF_API)
    # What the API writes: test_api_access.py
    assert set(OF_API) <= {r.name for r in routes()}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "role",
    [
        pytest.param(role, marks=[pytest.mark.database] if role in ON_POSTGRES else [])
        for role in sorted(EVERYBODY)
    ],
)
@pytest.mark.parametrize("method", TABLES)
def test_access(
    method: str, role: str, world: World, request: pytest.FixtureRequest, loner: Any
) -> None:
    """All addresses in one test: making the world takes longer than a request."""
    table = TABLES[method]
    signed_in = browser_of(role, request)
    outcomes, expected = {}, {}

    with time_machine.travel(NOON, tick=False), without_page_not_found():
        for route in world.routes():
            if route.name not in table:
                continue
            browser = Client()
            browser.cookies.update(signed_in.cookies)
            # Each request finds the same rows and, for limits, an empty cache.
            with transaction.atomic():
                outcomes[str(route)] = outcome(getattr(browser, method)(route.url))
                transaction.set_rollback(True)
            cache.clear()
            expected[str(route)] = expected_outcome(role, table[route.name])

    assert outcomes == expected


def expected_outcome(role: str, allowed: frozenset[str]) -> str:
    if role in allowed:
        return "answer"
    return "login" if role == "anonymous" and allowed != NOBODY_YET else "none"


def person_of(role: str, request: pytest.FixtureRequest) -> User:
    return request.getfixturevalue(f"{role}_user" if role in JURY else role)


def browser_of(role: str, request: pytest.FixtureRequest) -> Client:
    browser = Client()
    if role != "anonymous":
        browser.force_login(
            person_of(role, request),
            backend="allauth.account.auth_backends.AuthenticationBackend",
        )
        prove(browser, person_of(role, request))
    return browser
