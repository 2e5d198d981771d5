from datetime import timedelta

# An unfinished transfer can be resumed for this long.
UPLOAD_KEPT = timedelta(hours=24)
