"""The examples of property tests, and the order of the files.

Examples: always the same ones, but in a search (`make search`).

Hypothesis's own profile "ci" draws the same examples at every run, keeps no database of failures
and sets no time limit: speed belongs in benchmarks/.
"""

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

settings.register_profile("search", settings.get_profile("ci"), derandomize=False, max_examples=500)
settings.load_profile("ci")


@pytest.hookimpl(trylast=True)  # after Hypothesis has read --hypothesis-profile
def pytest_configure() -> None:
    # Hypothesis also draws constants that it finds in the modules of ours that happen to be
    # loaded, so that a test drew other examples alone than after other tests.
    if settings.get_current_profile_name() != "search":
        providers._get_local_constants = lambda: providers._local_constants


# A file is run by one of the two workers from beginning to end. The longest begin first, so that at
# the end no worker waits for the other; the last one waits for the network more than it computes.
LONGEST = (
    "test_notebooks.py",
    "test_nbgrader.py",
    "test_every_calculator.py",
    "test_charts.py",
    "test_lesson_page.py",
    "test_calculator.py",
    "test_app.py",
    "test_site.py",
)
LAST = "test_repository.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> tuple[int, bool]:
        file = item.path.name
        first = LONGEST.index(file) if file in LONGEST else len(LONGEST) + (file == LAST)
        return first, file == LAST and "slow" in item.keywords

    items.sort(key=place)
