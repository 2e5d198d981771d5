"""News for the apps above."""

from django.dispatch import Signal

# Sent inside the transaction of a clone, with `source`, `clone` and `department_map` (old primary
# key: new Department), so that whoever has things per department copies them.
edition_cloned = Signal()
