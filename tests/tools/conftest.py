import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "slow: installs something; leave it out with -m 'not slow' while you write"
    )
