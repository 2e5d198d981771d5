"""What a jury does: `jury`, `criteria`, `scoring`, `deliberation`, `results`."""
