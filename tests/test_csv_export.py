import pytest

from clusters_portal.csv_export import csv_response, neutralise


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+212 5", "'+212 5"),
        ("-3", "'-3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("  =1", "'  =1"),
        ("|calc", "'|calc"),
        ("\0=1", "'=1"),
        ("＝1+1", "'＝1+1"),
        ("Texte = 1", "Texte = 1"),
        (None, ""),
        (12, "12"),
        (-12, "'-12"),
    ],
)
def test_no_cell_becomes_a_formula(value, expected) -> None:
    assert neutralise(value) == expected


def test_the_file_opens_in_a_french_spreadsheet() -> None:
    response = csv_response("journal.csv", ["Nom"], [['a;"b"'], ["=x"]])
    assert b"".join(response.streaming_content).decode() == '\ufeff"Nom"\r\n"a;""b"""\r\n"\'=x"\r\n'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="journal.csv"'
