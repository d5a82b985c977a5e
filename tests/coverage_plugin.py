"""Coverage under pytest-xdist, reported before pytest's closing line. Loaded by `make test` alone (`-p`).

COVERAGE_PROCESS_START makes every Python process measure itself; here each saves in time and the controller combines.
"""

import io

import coverage
import pytest


def _save_own() -> None:
    running = coverage.Coverage.current()
    if running is not None:
        running.stop()
        running.save()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput"):
        _save_own()


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    _save_own()
    total = coverage.Coverage(config_file="pyproject.toml")
    total.combine()
    total.save()
    report = io.StringIO()
    percent = total.report(file=report, show_missing=False)
    terminalreporter.section("coverage")
    terminalreporter.write(report.getvalue())
    terminalreporter.line(f"coverage: {percent:.1f} % of lines and branches")
