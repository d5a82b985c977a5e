"""The forms of a page as a browser would read them, and what a hostile hand puts into their fields."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote_from_bytes, urlsplit
from uuid import uuid4

from bs4 import BeautifulSoup, Tag

FREE = {"textarea", "text", "search", "email", "url", "tel"}
MARKUP = "<script>alert(1)</script>\"'><svg onload=alert(1)>{{ 7|add:7 }}&#x202e;"
TEN_MEGABYTES = 10 * 1024 * 1024
Value = str | bytes

TEXTS: dict[str, Value] = {
    "markup": MARKUP,
    "formula": "=1+1",
    "nul": "a\0b",
    "not utf-8": b"\xff\xfe\xe9caf\xe9\x00",
    "half a surrogate": b"\xed\xa0\x80",
    "right to left": "a\u202eb\u200f\u2066c",
    "long": "a" * 25_000,
    "empty": "",
}
OTHERS: dict[str, Value] = {
    "infinity": "1e309",
    "not a number": "NaN",
    "negative": "-1",
    "beyond bigint": "9" * 30,
    "a thousand digits": "9" * 5_000,
    "arabic digits": "١٢٣",
    "superscript": "²",
    "no such day": "2026-02-31",
    "first day": "0001-01-01",
    "last day": "9999-12-31",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "path": "../../etc/passwd",
    "list": "[]",
}
HOSTILE = TEXTS | OTHERS
FEW = ("markup", "nul", "not utf-8", "long")
ALONE = ("nul", "beyond bigint", "superscript")


@dataclass
class PageForm:
    """Names and what a browser would send untouched; `free` take any text, `choices` one of a list."""

    values: list[tuple[str, str]] = field(default_factory=list)
    free: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    choices: set[str] = field(default_factory=set)
    file: str = ""

    def plausible(self) -> list[tuple[str, Value]]:
        return [(name, value or ("Texte" if name in self.free else "")) for name, value in self.values]

    def with_hostile(self, hostile: Value, names: Iterable[str]) -> list[tuple[str, Value]]:
        chosen = set(names)
        kept = [(name, value) for name, value in self.plausible() if name not in chosen]
        return kept + [(name, hostile) for name in sorted(chosen)]

    def attacks(self, *, few: bool = False) -> Iterator[tuple[str, list[tuple[str, Value]]]]:
        """(what, the fields to send); `few` for one more form of a kind that was tried in full."""
        yield "untouched", self.plausible()
        yield "nothing", []
        if few:
            yield from ((f"{kind} in texts", self.with_hostile(TEXTS[kind], self.free)) for kind in FEW)
            return
        yield "every field twice", self.plausible() * 2
        for kind, hostile in HOSTILE.items():
            if not self.free or (kind in TEXTS and self.free != self.names):
                yield f"{kind} everywhere", self.with_hostile(hostile, self.names)
            if self.free:
                yield f"{kind} in texts", self.with_hostile(hostile, self.free)
        for name in sorted(self.names - self.free):
            if not _is_of_a_later_row(name):
                for kind in ALONE[:1] if name in self.choices else ALONE:
                    yield f"{kind} in {name}", self.with_hostile(HOSTILE[kind], {name})


def bare(names: Iterable[str]) -> PageForm:
    """A form that no page shows at the moment."""
    chosen = set(names)
    return PageForm([(name, "") for name in sorted(chosen)], free=chosen, names=set(chosen))


def _is_of_a_later_row(name: str) -> bool:
    return "__prefix__" in name or any(
        part.isdigit() and int(part) > 0 for part in name.replace("_", "-").split("-")
    )


def encoded(fields: Iterable[tuple[str, Value]]) -> bytes:
    """application/x-www-form-urlencoded, any bytes in it."""
    pairs = []
    for name, value in fields:
        raw = value if isinstance(value, bytes) else value.encode()
        pairs.append(f"{quote_from_bytes(name.encode())}={quote_from_bytes(raw)}")
    return "&".join(pairs).encode()


def form_of(page: bytes, *, action: str, own: bool) -> PageForm | None:
    """What all forms of the page that post to `action` send; a form without action posts to its own page."""
    soup = BeautifulSoup(page, "html.parser")
    found = PageForm()
    any_form = False
    for form in soup.find_all("form"):
        if form.get("method", "get").lower() != "post":
            continue
        targets = {form.get("action") or (action if own else "")}
        targets |= {button["formaction"] for button in form.find_all(attrs={"formaction": True})}
        if action not in {urlsplit(target).path for target in targets}:
            continue
        any_form = True
        for control in _controls(soup, form):
            _add(found, control)
    return found if any_form else None


def _controls(soup: BeautifulSoup, form: Tag) -> Iterator[Tag]:
    names = ("input", "select", "textarea", "button")
    yield from form.find_all(names)
    if form.get("id"):
        yield from soup.find_all(names, attrs={"form": form["id"]})


def _add(found: PageForm, control: Tag) -> None:
    name = control.get("name")
    if not name or name == "csrfmiddlewaretoken" or control.has_attr("disabled"):
        return
    kind = control.get("type", "text") if control.name == "input" else control.name
    if kind == "file":
        found.file = name
        return
    found.names.add(name)
    if kind in FREE:
        found.free.add(name)
    if kind in {"select", "radio", "checkbox", "button"}:
        found.choices.add(name)
    if kind == "select":
        options = control.find_all("option")
        chosen = [option for option in options if option.has_attr("selected")]
        chosen = chosen or [option for option in options if option.get("value")][:1]
        found.values += [(name, option.get("value", "")) for option in chosen]
    elif kind == "textarea":
        found.values.append((name, control.text.strip()))
    elif kind == "radio":
        _choose(found, name, control)
    elif kind == "checkbox":
        found.values.append((name, control.get("value", "on")))
    elif kind != "button":
        found.values.append((name, control.get("value", "")))


def _choose(found: PageForm, name: str, control: Tag) -> None:
    given = [known for known, _value in found.values]
    if control.has_attr("checked"):
        found.values = [pair for pair in found.values if pair[0] != name]
        found.values.append((name, control.get("value", "")))
    elif name not in given:
        found.values.append((name, control.get("value", "")))


def multipart(
    fields: Iterable[tuple[str, Value]], files: Iterable[tuple[str, bytes, bytes, str]]
) -> tuple[bytes, str]:
    """Body and content type; a file is (field, raw file name, content, content type)."""
    boundary = uuid4().hex
    parts = []
    for name, value in fields:
        raw = value if isinstance(value, bytes) else value.encode()
        parts.append(b'Content-Disposition: form-data; name="%s"\r\n\r\n%s' % (name.encode(), raw))
    for name, filename, content, kind in files:
        head = b'Content-Disposition: form-data; name="%s"; filename="%s"\r\nContent-Type: %s\r\n\r\n'
        parts.append(head % (name.encode(), filename, kind.encode()) + content)
    line = b"--" + boundary.encode()
    body = b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"
    return body, f"multipart/form-data; boundary={boundary}"
