"""Hand-ins of one person: resumable uploads, links and texts."""

import asyncio
import contextlib
import hashlib
import random
import time
from base64 import b64encode

import httpx

from hackathon.extras.trial_runs.content import Content, LineCut
from hackathon.run.page_client.client import Browser, Deposit

RETRY_SECONDS = (0.5, 1, 2, 4)
CUT_SHARE = 0.25  # of the uploads


async def hand_in(
    browser: Browser,
    chosen: tuple[int, str, str, int],
    noise: bytes,
    size: int,
    *,
    line: int = 0,
    cut_share: float = CUT_SHARE,
) -> Deposit:
    """`line`: bytes per second at most; 0: no limit."""
    deliverable, kind, extension, _most = chosen
    if kind != "file":
        return await _hand_in_form(browser, deliverable, kind)
    content = Content(noise, size, line)
    digest = await asyncio.to_thread(content.sha256)
    deposit = Deposit(browser.person.team, deliverable, digest, size)
    browser.notes.deposits.append(deposit)
    deposit.asked_at = time.time()
    location = await _begin(browser, deposit, extension)
    if location:
        deposit.opened_at = time.time()
        cut = random.randrange(size) if random.random() < cut_share else None
        await _send(browser, deposit, location, content, cut)
    return deposit


async def _hand_in_form(browser: Browser, deliverable: int, kind: str) -> Deposit:
    text = f"https://example.org/?{time.time_ns()}"
    name = "url" if kind == "link" else "text"
    digest = hashlib.sha256(text.encode()).hexdigest()
    deposit = Deposit(browser.person.team, deliverable, digest, len(text))
    browser.notes.deposits.append(deposit)
    deposit.asked_at = time.time()
    body = {"deliverable": deliverable, name: text}
    for deposit.tries in range(20):  # as a person does who gets no answer: twice is no harm
        answer = await browser.request("POST", "/api/v1/submissions/", json=body)
        if answer is not None and answer.status_code == 201:
            deposit.answered_at, deposit.code = time.time(), answer.json()["receipt"]
            deposit.opened_at = deposit.answered_at  # an earlier try may have had no answer
            break
        if answer is not None and answer.status_code < 500:
            deposit.refused = f"{answer.status_code} {answer.text[:200]}"
            break
        await _before_retry(deposit.tries)
    return deposit


async def _begin(browser: Browser, deposit: Deposit, extension: str) -> str:
    """The path of the upload. Empty if it was refused."""
    fields = {
        "deliverable": str(deposit.deliverable),
        "team": str(deposit.team),
        "key": f"{time.time_ns()}-{browser.person.user}",
        "filename": f"rendu.{extension}",
    }
    metadata = ",".join(f"{k} {b64encode(v.encode()).decode()}" for k, v in fields.items())
    headers = {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": str(deposit.size),
        "Upload-Metadata": metadata,
    }
    for deposit.tries in range(40):
        answer = await browser.request("POST", "/uploads/", kind="upload", headers=headers)
        if answer is not None and answer.status_code == 201:
            location = answer.headers["location"]
            return location[location.index("/uploads/") :]
        if answer is not None and answer.status_code < 500:
            deposit.refused = f"{answer.status_code} {answer.text[:200]}"
            return ""
        await _before_retry(deposit.tries)
    return ""


async def _send(
    browser: Browser, deposit: Deposit, path: str, content: Content, cut: int | None
) -> None:
    """One PATCH, as the page does. The line is cut once, after `cut` bytes."""
    offset = 0
    for deposit.tries in range(60):
        headers = {
            "Tus-Resumable": "1.0.0",
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(deposit.size - offset),
        }
        blocks = content.blocks(offset, cut)
        if cut is not None:
            deposit.cuts, cut = deposit.cuts + 1, None
            with contextlib.suppress(LineCut, httpx.HTTPError):
                headers = {**browser.headers(path), **headers}
                await browser.http.patch(browser.url(path), headers=headers, content=blocks)
        else:
            answer = await browser.request(
                "PATCH", path, kind="upload", headers=headers, content=blocks
            )
            if _has_ended(deposit, answer):
                return
            await _before_retry(deposit.tries)
        found = await browser.request(
            "HEAD", path, kind="upload", headers={"Tus-Resumable": "1.0.0"}
        )
        if _has_ended(deposit, found):
            return
        if found is not None and found.status_code == 200:
            offset = int(found.headers["upload-offset"])


def _has_ended(deposit: Deposit, answer: httpx.Response | None) -> bool:
    if answer is None or answer.status_code >= 500:
        return False
    if code := answer.headers.get("receipt-code"):
        deposit.code, deposit.answered_at = code, time.time()
        deposit.submission = answer.headers["submission-id"]
        deposit.received_at = answer.headers["submission-received-at"]
        return True
    if answer.status_code in (200, 204, 409, 423):
        return False
    deposit.refused = f"{answer.status_code} {answer.text[:200]}"
    return True


async def _before_retry(failures: int) -> None:
    await asyncio.sleep(RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)])
