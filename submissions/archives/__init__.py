"""What was handed in, as one streamed ZIP: names that people read, and a list of what is in it.

The caller has checked that the person may read what these teams handed in.
"""

from submissions.archives.stream import archive_response

__all__ = ["archive_response"]
