"""The templates of the pages, which lie beside this module, and what a page without scripts may load."""

import base64
import hashlib

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from ontology.drawing import STYLE

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""What a page may load: styles and pictures of ours, and no script."""

_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
PICTURE_POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'"
"""What a picture may load: its own styles."""

_ENVIRONMENT = Environment(
    loader=PackageLoader("service"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def template(name: str) -> Template:
    """Return a template, in which everything is escaped."""
    return _ENVIRONMENT.get_template(name)
