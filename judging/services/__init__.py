"""What a jury does: `jury`, `criteria`, `method`, `recusals`, `assignments` set it up; `scoring`,
`sync`, `handover` mark; `deliberation`, `results` decide.
"""
