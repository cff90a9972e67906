"""The templates of the pages, which lie beside this module, and what a page may load."""

import base64
import hashlib
import json

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from ontology.drawing import STYLE

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""What a page may load: what is ours, and no script or style that stands in the page itself."""

_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
PICTURE_POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'"
"""What a picture may load: its own styles."""

_ENVIRONMENT = Environment(
    loader=PackageLoader("service"),
    autoescape=True,
    auto_reload=False,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def template(name: str) -> Template:
    """Return a template, in which everything is escaped."""
    return _ENVIRONMENT.get_template(name)


def embedded(document: object) -> Markup:
    """Return JSON that can stand in a script element, which nothing in it can end."""
    text = json.dumps(document, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028")
    return Markup(text)
