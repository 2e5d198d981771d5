from submissions.models.deliverable import MEGABYTE, TEXT_MAX_CHARS, Deliverable
from submissions.models.extension import Extension
from submissions.models.seal import Seal
from submissions.models.submission import Inspection, Receipt, Submission
from submissions.models.upload import Upload
from submissions.storage import deposits_storage

__all__ = [
    "MEGABYTE",
    "TEXT_MAX_CHARS",
    "Deliverable",
    "Extension",
    "Inspection",
    "Receipt",
    "Seal",
    "Submission",
    "Upload",
    "deposits_storage",
]
