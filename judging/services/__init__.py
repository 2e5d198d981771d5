"""A jury’s verbs: `jury`, `criteria`, `scoring`, `sync`, `handover`, `deliberation`, `results`."""
