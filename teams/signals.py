"""Questions to the apps above."""

from django.dispatch import Signal

# Sent with `edition`, and with `users` or None for everybody; nothing may be written. Who knows of
# people who answer calls for help by what else they are gives a list of `Duty` that is not saved.
duties_asked = Signal()
