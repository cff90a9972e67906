"""Makes the document of an explanation out of what was found."""

from urllib.parse import quote, urlencode

from ontology.iris import TERM
from ontology.keys import Keys
from ontology.vocabulary import Kind
from service.explanation import queries
from service.explanation.asking import Explained
from service.explanation.proof_document import ProofWriter
from service.explanation.schema import (
    Claim,
    Disagreement,
    Evidence,
    Explanation,
    Fact,
    More,
    Proof,
    Reference,
    Situation,
    TypedValue,
    Value,
)
from service.store.selection import Literal, integer_in
from service.things.description import EVIDENCE, FACT_SUBJECT, LABEL, TYPE, Description, Named, local_name
from service.things.document import href, literal_json, reference

FACTS = "/api/facts/"
_SUMMARY, _MODALITY, _CLAIM_KIND = TERM + "summary", TERM + "modality", TERM + "claimKind"
_CLAIMANT, _ATTRIBUTED_TO = TERM + "claimant", TERM + "attributedTo"


class Writer:
    """Writes what was found of a triple; the labels of properties are those of the ontology."""

    def __init__(self, found: Explained, keys: Keys) -> None:
        self._found = found
        self._keys = keys

    def explanation(self, fact: str | None = None) -> Explanation:
        """Return the document, as that of a `fact` where one is asked for."""
        found, triple = self._found, self._found.triple
        return Explanation(
            id=fact,
            href=_fact_href(fact) if fact else self._href(),
            subject=_reference(found.named(triple.subject)),
            property=self._property(triple.property_),
            object=self._value(found.named(triple.object), triple.property_),
            stated=found.is_stated,
            inferred=found.is_inferred,
            graphs=found.graphs,
            facts=[self._fact(iri, is_whole=False) for iri in found.facts],
            claims=[self._claim(iri) for iri in found.claims],
            disagreements=[
                Disagreement(claim=_reference((one, found.things[one].label)), disagreesWith=self._claim(other))
                for one, other in found.disagreements
            ],
            situations=[self._situation(iri, facts) for iri, facts in found.joining.items()],
            proofs=self._proofs(),
            proofs_are_complete=None if found.proven is None else found.proven.are_all,
            unproven=None if found.proven is None else found.proven.lacking,
            more={"claims": self._more_claims()} if found.claims_total > len(found.claims) else None,
        )

    def _href(self) -> str:
        """Return where the explanation is, whatever way the triple was asked for."""
        triple = self._found.triple
        object_ = triple.object
        if isinstance(object_, tuple):
            written = f"{object_[0]}@{object_[2]}" if object_[2] else object_[0]
        else:
            written = local_name(str(object_))
        names = {"subject": local_name(triple.subject), "property": self._key(triple.property_), "object": written}
        return f"/api/explain?{urlencode(names, quote_via=quote)}"

    def _more_claims(self) -> More:
        triple = self._found.triple
        if triple.claims or not triple.thing:  # which are no list of their own
            return More(total=self._found.claims_total)
        about = [("about", local_name(iri)) for iri in (triple.subject, triple.thing) if iri]
        return More(total=self._found.claims_total, href=f"/api/claims?{urlencode(about)}")

    def _key(self, iri: str) -> str:
        return "type" if iri == TYPE else self._keys.of(iri)

    def _property(self, iri: str) -> Reference:
        term = self._keys.properties.get(self._keys.of(iri))
        own = {TYPE: "type", LABEL: "label"}.get(iri)
        return Reference(id=iri, label=own or (term.label if term else iri), href=href(iri))

    def _value(self, named: Named, property_: str) -> Value:
        value, _ = named
        if not isinstance(value, tuple):
            return _reference(named)
        term = self._keys.properties.get(self._keys.of(property_))
        return _literal(value, term.datatype if term and term.kind is Kind.DATA else None)

    def _proofs(self) -> list[Proof]:
        found = self._found
        if found.proven is None or found.reasoning is None:
            return []
        writer = ProofWriter(
            found.proven,
            found.reasoning,
            found.labels,
            self._value,
            lambda iri: self._fact(iri, is_whole=False),
            self._property,
        )
        return [writer.proof(proof) for proof in found.proven.proofs]

    def _fact(self, iri: str, *, is_whole: bool) -> Fact:
        one = self._found.things[iri]
        fact = Fact(id=iri, href=_fact_href(iri), source=_first(one, queries.SOURCE), evidence=self._evidence(one))
        if is_whole:
            properties = [value for value, _ in _named(one, queries.FACT_PROPERTY) if isinstance(value, str)]
            fact.subject = _first(one, FACT_SUBJECT)
            fact.property = self._property(properties[0]) if properties else None
            objects = [
                self._value(named, properties[0] if properties else "") for named in _named(one, queries.FACT_OBJECT)
            ]
            fact.object = objects[0] if objects else None
        return fact

    def _claim(self, iri: str) -> Claim:
        one = self._found.things[iri]
        return Claim(
            id=iri,
            label=one.label,
            href=_href(iri),
            summary=_text(one, _SUMMARY),
            modality=_first(one, _MODALITY),
            claimKind=_first(one, _CLAIM_KIND),
            claimant=_references(one, _CLAIMANT),
            attributedTo=_references(one, _ATTRIBUTED_TO),
            source=_first(one, queries.SOURCE),
            evidence=self._evidence(one),
        )

    def _situation(self, iri: str, facts: list[str]) -> Situation:
        label = self._found.labels.get(iri) or local_name(iri)
        return Situation(id=iri, label=label, href=_href(iri), facts=[self._fact(f, is_whole=True) for f in facts])

    def _evidence(self, one: Description) -> list[Evidence]:
        found = [self._passage(self._found.things[iri]) for iri in one.iris(EVIDENCE) if iri in self._found.things]
        return sorted(found, key=lambda e: (e.source.id if e.source else "", e.start or 0, e.end or 0, e.id))

    def _passage(self, one: Description) -> Evidence:
        return Evidence(
            id=one.iri,
            href=_href(one.iri),
            source=_first(one, queries.SOURCE),
            section=_text(one, queries.SECTION),
            start=_number(one, queries.START),
            end=_number(one, queries.END),
            digest=_text(one, queries.DIGEST),
            passage=self._found.passages.get(one.iri),
        )


def _named(one: Description, property_: str) -> list[Named]:
    named = [*one.stated.get(property_, ()), *one.inferred.get(property_, ())]
    return sorted(named, key=lambda value: (value[1] or "", str(value[0])))


def _references(one: Description, property_: str) -> list[Reference]:
    return [_reference(named) for named in _named(one, property_) if isinstance(named[0], str)]


def _first(one: Description, property_: str) -> Reference | None:
    return next(iter(_references(one, property_)), None)


def _text(one: Description, property_: str) -> str | None:
    return next((value[0] for value, _ in _named(one, property_) if isinstance(value, tuple)), None)


def _number(one: Description, property_: str) -> int | None:
    return integer_in(_text(one, property_) or "")


def _literal(literal: Literal, datatype: str | None) -> Value:
    shown = literal_json(literal, datatype)
    return TypedValue(**shown) if isinstance(shown, dict) else shown


def _reference(named: Named) -> Reference:
    value, label = named
    return Reference(**reference(str(value), label))


def _href(iri: str) -> str:
    return href(iri) or f"/api/things/{quote(iri, safe='')}"


def _fact_href(iri: str) -> str:
    return FACTS + quote(local_name(iri), safe="")
