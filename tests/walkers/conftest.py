import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-access",
        action="store_true",
        default=False,
        help="write tests/walkers/access.csv and docs/access-matrix.md from what the portal answers (with -n0)",
    )
