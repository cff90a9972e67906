"""Names works, people, organisations and venues in IRIs, by the identifiers that their records give."""

import hashlib
import re

from loaders.literature.record import BadRecordError

_DOI = re.compile(r"10\.[0-9]{4,9}/\S{1,500}")
_RESOLVER = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_OPENALEX = re.compile(r"(?:https://openalex\.org/)?([A-Z][0-9]{1,18})", re.ASCII)
_ORCID = re.compile(r"(?:https?://orcid\.org/)?((?:[0-9]{4}-){3}[0-9]{3}[0-9X])", re.ASCII)
_ROR = re.compile(r"(?:https?://ror\.org/)?(0[a-z0-9]{6}[0-9]{2})", re.ASCII)
_ISSN = re.compile(r"(?:https?://(?:portal\.)?issn\.org/)?([0-9]{4}-?[0-9]{3}[0-9Xx])", re.ASCII)
_LONGEST_SLUG = 60


def doi_in(text: str) -> str:
    """Return a DOI in lower case, without a resolver before it, "" for none.

    DOIs do not tell cases apart (DOI Handbook, 2.4). Raises BadRecordError for what is none.
    """
    doi = _RESOLVER.sub("", text.strip(), count=1).lower()
    if doi and not _DOI.fullmatch(doi):
        raise BadRecordError(f"{text[:100]!r} is no DOI, such as 10.1016/j.dib.2020.106464")
    return doi


def openalex_in(text: str) -> str:
    """Return an OpenAlex ID without the address before it, "" for none. Raises BadRecordError for what is none."""
    return _identifier(text, _OPENALEX, "OpenAlex ID, such as https://openalex.org/W2741809807")


def orcid_in(text: str) -> str:
    """Return an ORCID without the address before it, "" for none. Raises BadRecordError for what is none."""
    return _identifier(text, _ORCID, "ORCID, such as 0000-0003-1613-5981")


def ror_in(text: str) -> str:
    """Return a ROR ID without the address before it, "" for none. Raises BadRecordError for what is none."""
    return _identifier(text, _ROR, "ROR ID, such as https://ror.org/00jmfr291")


def issn_in(text: str) -> str:
    """Return an ISSN with its hyphen, "" for none. Raises BadRecordError for what is none."""
    digits = _identifier(text, _ISSN, "ISSN, such as 0028-0836").replace("-", "").upper()
    return f"{digits[:4]}-{digits[4:]}" if digits else ""


def openalex_name(identifier: str) -> str:
    """Return what is called by its OpenAlex ID, as `openalex-w2741809807`."""
    return f"openalex-{identifier.lower()}"


def doi_name(doi: str) -> str:
    """Return what a work is called by its DOI."""
    return name_of("doi", doi)


def name_of(kind: str, identifier: str) -> str:
    """Return what something is called by an identifier: its letters and digits, and a digest, as these may be alike."""
    slug = re.sub(r"[^a-z0-9]+", "-", identifier.lower())[:_LONGEST_SLUG].strip("-")
    digest = hashlib.sha256(identifier.encode()).hexdigest()[:8]
    return f"{kind}-{slug}-{digest}" if slug else f"{kind}-{digest}"


def _identifier(text: str, pattern: re.Pattern[str], what: str) -> str:
    if not (text := text.strip()):
        return ""
    if not (found := pattern.fullmatch(text)):
        raise BadRecordError(f"{text[:100]!r} is no {what}")
    return found[1]
