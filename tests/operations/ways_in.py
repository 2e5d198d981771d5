"""Hand-ins through the forms and the API of a real process, as its trace must show them."""

import socket
from dataclasses import dataclass

import httpx
from django.test import Client

from submissions.models import Deliverable
from tests.submissions.tus.servers import Process

CSRF = "c" * 32


@dataclass
class Person:
    """With a browser and a program."""

    site: Process
    browser: Client
    token: str

    @property
    def cookies(self) -> dict[str, str]:
        return {"sessionid": self.browser.cookies["sessionid"].value, "csrftoken": CSRF}

    @property
    def authorization(self) -> dict[str, str]:
        return {"Authorization": f"Token {self.token}"}

    def by_form(self, deliverable: Deliverable, filename: str, *, csrf: str = CSRF) -> int:
        return self._post(
            f"/rendu/{deliverable.pk}/",
            data={"csrfmiddlewaretoken": csrf},
            files={"file": (filename, b"%PDF-1.4 of a form")},
            cookies=self.cookies,
        )

    def by_api(self, deliverable: Deliverable, filename: str, **headers: str) -> int:
        return self._post(
            "/api/v1/submissions/",
            data={"deliverable": deliverable.pk},
            files={"file": (filename, b"%PDF-1.4 of a program")},
            headers={**self.authorization, **headers},
        )

    def too_large(self) -> int:
        """For this address: refused before Django sees it."""
        return self._post(
            "/api/v1/questions/", content=b"x" * 3_000_000, headers=self.authorization
        )

    def from_another_site(self) -> int:
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "11"}
        return self._post("/uploads/", cookies=self.cookies, headers=headers)

    def by_a_line_that_breaks(self, deliverable: Deliverable) -> None:
        with socket.create_connection(("127.0.0.1", self.site.port)) as line:
            cookie = f"sessionid={self.cookies['sessionid']}"
            head = f"POST /rendu/{deliverable.pk}/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}"
            line.sendall(f"{head}\r\nContent-Length: 5000\r\n\r\n".encode() + b"x" * 100)

    def _post(self, path: str, **request: object) -> int:
        cookies = request.pop("cookies", None)
        with httpx.Client(trust_env=False, timeout=60, cookies=cookies) as client:
            return client.post(f"{self.site.url}{path}", **request).status_code
