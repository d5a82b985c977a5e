from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from clusters_portal import fonts


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("fonts")
    assert fonts.build(root) is True
    return root


def letters(path: Path) -> set[int]:
    return set(TTFont(path).getBestCmap())


def test_a_second_build_has_nothing_to_do(built):
    assert fonts.build(built) is False


def test_web_fonts_are_small_and_hold_their_script(built):
    latin, arabic = fonts.web_dir(built) / "plex-sans.woff2", fonts.web_dir(built) / "plex-arabic-400.woff2"
    assert latin.stat().st_size < 80_000
    assert arabic.stat().st_size < 50_000
    assert {ord(sign) for sign in "éœÀ’«» \u202f\u00a0"} <= letters(latin)
    assert {ord(sign) for sign in "ابتثجحخدذرزسشصضطظعغفقكلمنهوي،؟"} <= letters(arabic)
    assert ord("a") not in letters(arabic)


def test_header_words_have_a_font_of_their_own(built):
    brand = fonts.web_dir(built) / "brand-arabic.woff2"
    assert brand.stat().st_size < 8_000
    assert {ord(sign) for sign in fonts.BRAND_ARABIC if sign != " "} <= letters(brand)


def test_style_sheet_names_only_files_that_exist(built):
    css = (fonts.web_dir(built) / "fonts.css").read_text("utf-8")
    named = {part.split("'")[0] for part in css.split("url('")[1:]}
    assert named == {path.name for path in fonts.web_dir(built).glob("*.woff2")}
    assert "unicode-range" in css


def test_letter_fonts_are_static_files_of_the_weights_used(built):
    faces = fonts.letter_faces(built)
    assert {(face.family, face.weight) for face, _ in faces} >= {
        (family, weight)
        for family in (fonts.LATIN_FAMILY, fonts.ARABIC_FAMILY)
        for weight in ("400", "600", "700")
    }
    assert all("fvar" not in TTFont(path) for _, path in faces)
    assert fonts.letter_css(built).count("@font-face") == len(faces)
