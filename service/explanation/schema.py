"""The JSON of an explanation, as OpenAPI describes it; the keys that are terms are those of the ontology."""

from pydantic import BaseModel, Field


class Reference(BaseModel):
    """A thing or term: its IRI, its label, and where it is found here."""

    id: str
    label: str
    href: str | None = None


class TypedValue(BaseModel):
    """A literal that JSON has no form for, as JSON-LD writes it."""

    value: str = Field(alias="@value")
    type: str | None = Field(None, alias="@type")
    language: str | None = Field(None, alias="@language")


Value = Reference | TypedValue | bool | int | float | str


class Evidence(BaseModel):
    """Where something stands: in which section of which source, from and to which position of its normalised text.

    The passage itself is there only where the operator has put the text and allowed it, and the text is the one that
    the digest was made of.
    """

    id: str
    href: str
    source: Reference | None = None
    section: str | None = None
    start: int | None = None
    end: int | None = None
    digest: str | None = None
    passage: str | None = None


class Fact(BaseModel):
    """That a source states a triple; the triple is told where it is not the one that is explained."""

    id: str
    href: str
    subject: Reference | None = None
    property: Reference | None = None
    object: Value | None = None
    source: Reference | None = None
    evidence: list[Evidence]


class Expression(BaseModel):
    """A class or property without a name, with labels and in Manchester syntax."""

    label: str
    manchester: str


class Citation(BaseModel):
    """What a term or rule is taken from: the words for it, and the publication and section where these name one."""

    text: str
    source: Reference | None = None
    section: str | None = None


class Rule(BaseModel):
    """A rule by which something follows: of OWL 2 RL by the name that the W3C gives it, or one of the domain."""

    name: str
    summary: str
    href: str | None = None
    sources: list[Citation]


class Axiom(BaseModel):
    """What the ontology states that makes a rule hold, with the term that it is about and where that is taken from."""

    label: str
    manchester: str
    term: Reference | None = None
    sources: list[Citation]


class Proof(BaseModel):
    """Why a triple holds: it follows by `rules` and `axioms` from `premises`, or is stated.

    What is stated has no rule, whatever it follows from in turn. `graphs` state it, and so do the `facts` in sources;
    what the ontology or a gazetteer of ours states has no fact.
    """

    subject: Reference | Expression
    property: Reference
    object: Expression | Value
    rules: list[Rule]
    axioms: list[Axiom]
    premises: list["Proof"]
    graphs: list[str]
    facts: list[Fact]


class Claim(BaseModel):
    """What somebody says in a source: in our words, how sure, on what ground, who says it, and from where they have it.

    A statistic that a claim disagrees with comes in the same form.
    """

    id: str
    label: str
    href: str
    summary: str | None = None
    modality: Reference | None = None
    claimKind: Reference | None = None  # noqa: N815 - a term of the ontology
    claimant: list[Reference]
    attributedTo: list[Reference]  # noqa: N815 - a term of the ontology
    source: Reference | None = None
    evidence: list[Evidence]


class Situation(BaseModel):
    """A situation or statistic that joins subject and object, and the facts of the part that each has in it."""

    id: str
    label: str
    href: str
    facts: list[Fact]


class Disagreement(BaseModel):
    """A claim, and a statement that tells of the same matter differently."""

    claim: Reference
    disagreesWith: Claim  # noqa: N815 - a term of the ontology


class More(BaseModel):
    """How many there are of what is cut, and where all of them are, if they are a list of their own."""

    total: int
    href: str | None = None


class Explanation(BaseModel):
    """What bears on a triple.

    `stated` tells whether a graph other than that of what follows has it, `inferred` whether it follows from others,
    `graphs` which graphs have it. `facts` state it. `claims` are about its subject and object, or, where the object is
    a literal, about the subject in passages that state it. What no graph has, `situations` say of what they join, or
    `claims` say it of what they are about.

    Where it is inferred, `proofs` tell what it follows from, the plainest first: all minimal ones by what the client
    may read, if `proofs_are_complete`, or else those that were found within bounds. Where there are none, `unproven`
    tells why.
    """

    id: str | None = None
    href: str
    subject: Reference
    property: Reference
    object: Value
    stated: bool
    inferred: bool
    graphs: list[str]
    facts: list[Fact]
    claims: list[Claim]
    disagreements: list[Disagreement]
    situations: list[Situation]
    proofs: list[Proof]
    proofs_are_complete: bool | None = None
    unproven: str | None = None
    more: dict[str, More] | None = None

    def json_bytes(self) -> bytes:
        """Return the document as JSON, without what is not known."""
        return self.model_dump_json(by_alias=True, exclude_none=True).encode()
