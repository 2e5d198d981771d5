"""Read-only checks that deposits and seals are complete and unchanged."""
