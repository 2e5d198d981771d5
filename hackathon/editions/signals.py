"""News for the apps above."""

from django.dispatch import Signal

# Sent inside the transaction that makes a new edition (not a clone), with `edition`.
edition_created = Signal()

# Sent inside the transaction of a clone, with `source`, `clone` and `department_map` (old primary
# key: new Department), so that whoever has things per department copies them.
edition_cloned = Signal()

# Sent by the set-up's overview with `edition`; nothing may be written. Who has something per
# department answers with `{department pk: [(words, done)]}`: « 3 livrables », or what is missing.
edition_inspected = Signal()

# Sent before the deadline is brought forward, with `edition`; nothing may be written. Who knows
# what that means for teams answers with sentences: how many have handed in nothing yet.
deadline_inspected = Signal()
