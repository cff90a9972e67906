"""The JSON of networks, as OpenAPI describes it; that of one network is what cytoscape.js takes as `elements`.

What the ontology has a property for has its name, and in CSV, GraphML and GEXF too.
"""

# ruff: noqa: N815 - names of the ontology

from pydantic import BaseModel, Field


class NetworkSummary(BaseModel):
    """A network with its size; `networkOf` is the district or programme it is of, none for `all`."""

    name: str
    label: str
    networkOf: str | None = None
    actorCount: int
    tieCount: int = Field(description="Ordered pairs of actors that are tied.")
    density: float
    href: str


class Networks(BaseModel):
    """The networks of the release, that with most ties first."""

    networks: list[NetworkSummary]


class ActorNode(BaseModel):
    """An actor and where it stands in the whole network, whatever ties were asked for."""

    id: str
    iri: str
    label: str
    actorKind: str
    inDegree: int
    outDegree: int
    betweenness: float
    constraint: float | None = None
    effectiveSize: float
    coreNumber: int
    component: int
    community: int
    cutActor: bool


class TieEdge(BaseModel):
    """A tie of one kind; it goes both ways where it is not directed. `basis` has the IRIs of what it rests on."""

    id: str
    source: str = Field(description="The id of the actor that it leads from.")
    target: str = Field(description="The id of the actor that it leads to.")
    tieRelation: str
    directed: bool
    basis: list[str]
    fromYear: int | None = Field(default=None, description="The first year that is stated of what it rests on.")
    toYear: int | None = Field(default=None, description="The last year, where one is stated.")


class Node(BaseModel):
    """A node as cytoscape.js has it."""

    data: ActorNode


class Edge(BaseModel):
    """An edge as cytoscape.js has it."""

    data: TieEdge


class Elements(BaseModel):
    """The nodes and edges of a network."""

    nodes: list[Node]
    edges: list[Edge]


class Years(BaseModel):
    """From when to when the ties are that are chosen otherwise, and how many of them have no year."""

    fromYear: int
    toYear: int
    tiesWithoutYear: int


class NetworkDocument(BaseModel):
    """A network with its elements; `years` has those by which its ties can be chosen, none where no tie has a year."""

    network: NetworkSummary
    elements: Elements
    years: Years | None = None


class RoleScore(BaseModel):
    """How often a role is played, and how often where ties, or groups, fall by chance.

    Figures given the ties are those of actors only. A computed role has a `zScoreGivenTies` of at least 1.96.
    """

    measuredActor: str | None = Field(None, description="The id of the actor; none for the whole network.")
    label: str | None = None
    partitionGroup: str | None = None
    brokerageRole: str
    rawCount: int
    expectedCount: float
    countDeviation: float
    zScore: float | None = None
    expectedCountGivenTies: float | None = None
    countDeviationGivenTies: float | None = None
    zScoreGivenTies: float | None = None
    computedRole: bool


class BrokerageDocument(BaseModel):
    """The brokerage scores of a network by one partition; an actor without a row of a role never plays it."""

    network: str
    partition: str
    partitions: list[str] = Field(description="The partitions that there are.")
    whole: list[RoleScore]
    actors: list[RoleScore]
