"""News for the apps above."""

from django.dispatch import Signal

# Sent inside the transaction in which an instant was sealed and is to be made known, with
# `over_all` (a Seal) and `departments` (the Seals of that instant, one of each department).
seal_made = Signal()
