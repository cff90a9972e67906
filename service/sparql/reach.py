"""Which other servers a query or an update may reach, by SERVICE and LOAD: none but those of the settings."""

from dataclasses import dataclass

from service.errors import NotOfferedError
from service.sparql.lexer import Token


@dataclass(frozen=True)
class Reach:
    """The IRIs that may be reached; one that ends with a slash stands for all that begin with it.

    Where there are none, SERVICE SILENT and LOAD SILENT pass: they fail in a worker, which cannot dial out, and the
    rest goes on as the standard wants it. A worker that may dial is given no other address, silent or not; nor is one
    that has descriptors left for its files (`lets_silent_fail`).
    """

    allowed: tuple[str, ...] = ()
    lets_silent_fail: bool = True

    def require(self, word: str, is_silent: bool, target: Token | None) -> None:
        """Raise NotOfferedError where `word` (SERVICE or LOAD) must not reach the IRI that follows it."""
        if not self.allowed:
            if not (is_silent and self.lets_silent_fail):
                raise NotOfferedError(_REFUSED[word])
            return
        iri = target.text[1:-1] if target is not None and target.kind == "iri" else ""
        if "\\" in iri or not any(iri == one or (one.endswith("/") and iri.startswith(one)) for one in self.allowed):
            raise NotOfferedError(f"{word} is offered here for {', '.join(self.allowed)} only, with the IRI in full")


_REFUSED = {
    "SERVICE": "SERVICE is not offered here; ask the other endpoint yourself",
    "LOAD": "LOAD is not offered here; send the triples to /graph-store yourself",
}
