"""The examples of property tests: always the same ones, but in a search (`make search`).

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
