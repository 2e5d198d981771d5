from tests.extras import Cases

CASES = Cases(
    reads={"grades:grades": frozenset()},  # of a graded day, once it is published
    writes={"grades:grades": frozenset()},
    sentences={"grades.exported": ({}, "Eve a téléchargé les notes des étudiants.")},
)
