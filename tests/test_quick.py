from tests import quick


def test_a_changed_file_has_the_tests_of_its_folder():
    tests = {
        "hackathon/day/stage/rules.py": "stage",
        "judging/plan/services.py": "judging/plan",
        "judging/scales.py": "judging",
        "templates/teams/_team.html": "teams",
        "tests/teams/conftest.py": "teams",
        "tests/teams/test_api.py": "teams/test_api.py",
    }

    found = {name: quick.tests_of([name]) for name in tests}

    assert found == {name: {quick.ROOT / "tests" / path} for name, path in tests.items()}


def test_what_belongs_to_no_package_has_none():
    assert quick.tests_of(["docs/live.md", "tests/world.py", "hackathon/settings.py"]) == set()


def test_every_contract_is_there():
    assert [each for each in quick.CONTRACTS if not list(quick.ROOT.glob(each))] == []
