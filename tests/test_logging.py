"""A traceback in the log tells where, never what: frames hold answers and tokens."""

import io
import json
import logging

from clusters_portal import logging_setup


def logged_failure(*, as_json: bool) -> str:
    settings = logging_setup.configure(json=as_json, level="INFO")
    formatter = settings["formatters"]["structured"]
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        formatter["()"](foreign_pre_chain=formatter["foreign_pre_chain"], processors=formatter["processors"])
    )
    logger = logging.getLogger("portal.tests.failure")
    logger.addHandler(handler)
    logger.propagate = False
    try:
        answer = "".join(["réponse ", "confidentielle"])
        raise ValueError(len(answer))
    except ValueError:
        logger.exception("failed")
    finally:
        logger.removeHandler(handler)
    return stream.getvalue()


def test_json_lines_carry_no_local_variable() -> None:
    line = logged_failure(as_json=True)
    assert json.loads(line)["event"] == "failed"
    assert "ValueError" in line
    assert "réponse confidentielle" not in line


def test_console_carries_no_local_variable() -> None:
    text = logged_failure(as_json=False)
    assert "ValueError: 22" in text
    assert "réponse confidentielle" not in text
