import hashlib
import re
from pathlib import Path

from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError
from tusclient.uploader import Uploader

from submissions.models import Deliverable

# Answers after which a client continues: another offset, another request, a timeout.
AGAIN = (408, 409, 423)
WHOLE_URL = re.compile(r"/uploads/[0-9a-f]{32}$")


class Sha256Uploader(Uploader):
    # tuspy's default is SHA-1, which the site does not support.

    CHECKSUM_ALGORITHM_PAIR = ("sha256", hashlib.sha256)


def by_tuspy(url: str, token: str, deliverable: Deliverable, path: Path, chunk: int) -> None:
    # As the documentation of tuspy recommends: after an error, ask for the offset and continue.
    client = TusClient(url, headers={"Authorization": f"Token {token}"})
    with path.open("rb") as stream:
        uploader = Sha256Uploader(
            client=client,
            file_stream=stream,
            chunk_size=chunk,
            metadata={"deliverable": str(deliverable.pk), "filename": path.name},
            upload_checksum=chunk < 100_000,
        )
        while not went_on(uploader):
            pass


def went_on(uploader: Uploader) -> bool:
    try:
        if uploader.url:
            uploader.offset = uploader.get_offset()
        uploader.upload()
    except TusCommunicationError as error:
        if uploader.url and not WHOLE_URL.search(uploader.url):
            uploader.url = None  # tuspy accepts a `Location` that was cut short
        elif 400 <= (error.status_code or 0) < 500 and error.status_code not in AGAIN:
            raise
    except (TypeError, ValueError):
        pass  # or incomplete headers
    else:
        return True
    return False
