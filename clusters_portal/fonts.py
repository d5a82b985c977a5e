"""Fonts of the pages and of the PDFs, cut at set-up from the packages that carry them; nothing is committed.

`web/`     woff2 files and `fonts.css`, served as static files under `fonts/`. `unicode-range` keeps a French page
           from fetching Arabic: the few Arabic and Tifinagh words of its header have a font of their own letters.
`letters/` whole static TrueType files, for the PDF door.
"""

import shutil
from dataclasses import dataclass
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

LATIN = "U+0000-024F, U+0259, U+02BB-02DC, U+1E00-1EFF, U+2000-206F, U+20A0-20BF, U+2113, U+2122, U+2190-2193, U+2212"
ARABIC = "U+0600-06FF, U+0750-077F, U+08A0-08FF, U+FB50-FDFF, U+FE70-FEFC"
TIFINAGH = "U+2D30-2D7F"
# Every Arabic or Tifinagh word that base.html prints on a French page.
BRAND_ARABIC = "المملكة المغربية وزارة الصناعة والتجارة العربية العربيّة"
BRAND_TIFINAGH = "ⵜⴰⴳⵍⴷⵉⵜ ⵏ ⵍⵎⵖⵔⵉⴱ"
TIFINAGH_FILES = (
    "/usr/share/fonts/truetype/noto/NotoSansTifinagh-Regular.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
)
LATIN_FAMILY = "IBM Plex Sans"
ARABIC_FAMILY = "IBM Plex Sans Arabic"
STAMP = "built-from.txt"


@dataclass(frozen=True)
class Face:
    """One @font-face: `weight` is a CSS weight or a range such as "400 700"."""

    family: str
    weight: str
    filename: str
    unicode_range: str = ""


WEB_FACES = (
    Face(LATIN_FAMILY, "400 700", "plex-sans.woff2", LATIN),
    Face(ARABIC_FAMILY, "400", "plex-arabic-400.woff2", ARABIC),
    Face(ARABIC_FAMILY, "600", "plex-arabic-600.woff2", ARABIC),
    Face("Portal Brand Arabic", "600", "brand-arabic.woff2", ARABIC),
    Face("Portal Brand Tifinagh", "400", "brand-tifinagh.woff2", TIFINAGH),
)
LETTER_FACES = (
    Face(LATIN_FAMILY, "400", "PlexSans-400.ttf"),
    Face(LATIN_FAMILY, "600", "PlexSans-600.ttf"),
    Face(LATIN_FAMILY, "700", "PlexSans-700.ttf"),
    Face(ARABIC_FAMILY, "400", "PlexArabic-400.ttf"),
    Face(ARABIC_FAMILY, "600", "PlexArabic-600.ttf"),
    Face(ARABIC_FAMILY, "700", "PlexArabic-700.ttf"),
    Face("Portal Tifinagh", "400", "Tifinagh-400.ttf"),
)


def web_dir(root: Path) -> Path:
    return Path(root) / "web"


def letters_dir(root: Path) -> Path:
    return Path(root) / "letters"


def letter_faces(root: Path) -> list[tuple[Face, Path]]:
    """The faces that were built, with their files, for the PDF door to preload."""
    return [(face, path) for face in LETTER_FACES if (path := letters_dir(root) / face.filename).exists()]


def letter_css(root: Path) -> str:
    """@font-face rules with `file:` addresses, one per file of `letter_faces`."""
    return "\n".join(_rule(face, path.resolve().as_uri(), "truetype") for face, path in letter_faces(root))


def build(root: Path, *, force: bool = False) -> bool:
    """Build what is missing or was made from other packages; False when everything was up to date."""
    root = Path(root)
    source = _source()
    stamp = root / STAMP
    if not force and stamp.exists() and stamp.read_text("utf-8") == source:
        return False
    for folder in (web_dir(root), letters_dir(root)):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    _build_web(web_dir(root))
    _build_letters(letters_dir(root))
    stamp.write_text(source, "utf-8")
    return True


def _source() -> str:
    """What a build depends on: the packages' versions, the faces and the Tifinagh file found."""
    packages = [
        f"{name} {version(name)}"
        for name in ("fontpkg-ibm-plex-sans", "fontpkg-ibm-plex-sans-arabic", "fonttools")
    ]
    parts = (packages, WEB_FACES, LETTER_FACES, BRAND_ARABIC, BRAND_TIFINAGH, _tifinagh())
    return "\n".join(repr(part) for part in parts)


def _build_web(folder: Path) -> None:
    _cut(_plex(weight=None), folder / "plex-sans.woff2", ranges=LATIN)
    for weight in (400, 600):
        _cut(_open(_arabic(weight)), folder / f"plex-arabic-{weight}.woff2", ranges=ARABIC)
    _cut(_open(_arabic(600)), folder / "brand-arabic.woff2", text=BRAND_ARABIC)
    if tifinagh := _tifinagh():
        _cut(_open(tifinagh), folder / "brand-tifinagh.woff2", text=BRAND_TIFINAGH)
    faces = [face for face in WEB_FACES if (folder / face.filename).exists()]
    css = "\n".join(_rule(face, face.filename, "woff2") for face in faces)
    (folder / "fonts.css").write_text(css + "\n", "utf-8")


def _build_letters(folder: Path) -> None:
    for weight in (400, 600, 700):
        _plex(weight=weight).save(folder / f"PlexSans-{weight}.ttf")
        shutil.copyfile(_arabic(weight), folder / f"PlexArabic-{weight}.ttf")
    if tifinagh := _tifinagh():
        shutil.copyfile(tifinagh, folder / "Tifinagh-400.ttf")


def _rule(face: Face, url: str, file_format: str) -> str:
    lines = [
        f"  font-family: {face.family!r};",
        f"  font-weight: {face.weight};",
        "  font-style: normal;",
        "  font-display: swap;",
        f"  src: url('{url}') format('{file_format}');",
    ]
    if face.unicode_range:
        lines.append(f"  unicode-range: {face.unicode_range};")
    return "@font-face {\n" + "\n".join(lines) + "\n}"


def _open(path: str | Path | BytesIO):
    from fontTools.ttLib import TTFont

    return TTFont(path)


def _plex(*, weight: int | None):
    """Plex Sans at its normal width: one weight, or the 400-700 range when `weight` is None."""
    import fontpkg
    from fontTools.varLib import instancer

    font = _open(fontpkg.path(LATIN_FAMILY, 400))
    limits = {"wdth": 100, "wght": (400, 700) if weight is None else weight}
    cut = BytesIO()
    instancer.instantiateVariableFont(font, limits).save(cut)
    return _open(cut)  # read again: the subsetter trips over the instancer's lazy tables


def _arabic(weight: int) -> str:
    import fontpkg

    return str(fontpkg.path(ARABIC_FAMILY, weight))


def _tifinagh() -> str:
    """A system font that has the script, or "": the portal starts without one."""
    return next((path for path in TIFINAGH_FILES if Path(path).exists()), "")


def _cut(font, target: Path, *, ranges: str = "", text: str = "") -> None:
    from fontTools import subset

    options = subset.Options(flavor="woff2", layout_features=["*"], hinting=False, notdef_outline=True)
    options.drop_tables += ["DSIG", "meta"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=list(_codepoints(ranges)), text=text)
    cutter.subset(font)
    subset.save_font(font, str(target), options)


def _codepoints(ranges: str):
    for part in filter(None, ranges.split(", ")):
        first, _, last = part.removeprefix("U+").partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)
