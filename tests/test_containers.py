"""The image and the composition are checked as texts; tests/ has no container engine (docs/operations.md says so)."""

import re
from pathlib import Path

from tests.test_settings import SAMPLE

ROOT = Path(__file__).resolve().parents[1]


def test_the_composition_gives_production_every_variable_it_requires():
    text = (ROOT / "docker-compose.yml").read_text()
    environment = text.split("environment: &environment", 1)[1].split("\n\n", 1)[0]
    assert set(SAMPLE) <= set(re.findall(r"^    ([A-Z_0-9]+):", environment, re.MULTILINE))


def test_no_secret_is_written_into_the_composition():
    text = (ROOT / "docker-compose.yml").read_text()
    secrets = re.findall(r"(?:SECRET_KEY|PASSWORD|ACCESS_KEY|ROOT_USER): (.+)", text)
    assert secrets
    assert all(re.fullmatch(r"\$\{[A-Z_0-9]+:-\}", secret) for secret in secrets)


def test_every_port_is_offered_to_this_machine_alone():
    ports = re.findall(r'- "([^"]*:\d+)"$', (ROOT / "docker-compose.yml").read_text(), re.MULTILINE)
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_image_runs_as_nobody_in_particular_and_tells_its_health():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert "USER 10001:10001" in lines
    assert any(line.startswith("HEALTHCHECK ") for line in lines)
    assert not any(line.startswith("ADD ") for line in lines)


def test_no_private_file_reaches_the_image():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {".git", ".venv", "var", ".env"} <= set(ignored)


def test_the_compiled_requirements_are_hashed_and_name_no_index():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        pins = re.findall(r"^[A-Za-z0-9._-]+(?:\[[^]]+\])?==", text, re.MULTILINE)
        assert pins
        assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}", text)) >= len(pins)
        assert "index-url" not in text
        assert "://" not in text


def test_operations_names_every_variable_that_production_requires():
    text = (ROOT / "docs" / "operations.md").read_text()
    assert [name for name in SAMPLE if f"`{name}`" not in text] == []


def test_the_lock_serves_debian_12_whose_python_is_3_11_2():
    """redis needs async-timeout before 3.11.3: a lock compiled for a later Python cannot be installed with hashes."""
    assert re.search(r"^async-timeout==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
