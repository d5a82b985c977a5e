from tests.browser.chromium import chromium_context, page  # noqa: F401
