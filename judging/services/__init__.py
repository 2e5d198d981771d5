"""What a jury does: `jury`, `criteria`, `scoring`, `readings`, `deliberation`, `results`."""
