from django.dispatch import Signal

# Sent with `user`, `former` (the name until now), `edition` and `at`, in the transaction that
# changes the name. `edition`: of the organizers who change it; None: the person does.
user_renamed = Signal()
