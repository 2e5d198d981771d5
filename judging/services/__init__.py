"""What a jury does: `jury`, `criteria`, `scoring`, `sync`, `handover`, `deliberation`, `results`."""
