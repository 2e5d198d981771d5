from tests.access.roles import EVERYBODY
from tests.extras import Cases

CASES = Cases(
    reads={"guide:document": EVERYBODY}, fixed={("guide:document", "file"): "fr/index.md"}
)
