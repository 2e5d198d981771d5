from submissions.models.deliverable import MEGABYTE, TEXT_MAX_CHARS, Deliverable
from submissions.models.extension import Extension
from submissions.models.promise import PROMISES_MAX, Promise
from submissions.models.seal import Seal
from submissions.models.submission import Inspection, Receipt, Submission
from submissions.models.upload import Upload
from submissions.storage import deposits_storage

__all__ = [
    "MEGABYTE",
    "PROMISES_MAX",
    "TEXT_MAX_CHARS",
    "Deliverable",
    "Extension",
    "Inspection",
    "Promise",
    "Receipt",
    "Seal",
    "Submission",
    "Upload",
    "deposits_storage",
]
