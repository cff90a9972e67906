"""Divides the actors of a network into groups: by kind, by district, or by whether they belong to the district.

kind       what `dg:partitionedAs` names for the most special class of the actor, the first in order of the alphabet
           where there are several, OTHER where there is none
district   the district or cluster that the actor belongs to, or else works in; SEVERAL where there are several
           of them, NOWHERE where there is none
inside     INSIDE for who belongs to the district of the network, OUTSIDE for all others
"""

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from loaders.networks.network import Network, rows
from ontology.iris import local_name

KIND, DISTRICT, WITHIN = "kind", "district", "inside"
LABELS = {KIND: "kind of actor", DISTRICT: "district", WITHIN: "inside and outside"}
OTHER, SEVERAL, NOWHERE = "other", "several districts", "no district"
INSIDE, OUTSIDE = "inside", "outside"


class Partitions:
    """What is known of the kinds and districts of the actors in the default graph of `store`."""

    def __init__(self, store: ox.Store) -> None:
        self._kinds: dict[str, str] = {}
        for row in rows(store, "actor-kinds"):
            self._kinds[row["actor"]] = min(row["actorKind"], self._kinds.get(row["actor"], row["actorKind"]))
        self._belongs: dict[str, set[str]] = {}
        self._works: dict[str, set[str]] = {}
        self._districts: set[str] = set()
        for row in rows(store, "actor-districts"):
            among = self._belongs if row["belongs"] == "true" else self._works
            among.setdefault(row["actor"], set()).add(row["district"])
            self._districts.add(row["district"])

    def kinds(self, actors: Iterable[str]) -> dict[str, str]:
        """Return the kind of each actor."""
        return {actor: self._kinds.get(actor, OTHER) for actor in actors}

    def of(self, network: Network) -> Mapping[str, Mapping[str, str]]:
        """Return the partitions of a network by name, each with the group of every actor.

        The network of a district is divided by kind and inside, any other one by kind and district.
        """
        actors = sorted(network.successors())
        if network.scope in self._districts:
            inside = {a: INSIDE if network.scope in self._belongs.get(a, ()) else OUTSIDE for a in actors}
            return {KIND: self.kinds(actors), WITHIN: inside}
        return {KIND: self.kinds(actors), DISTRICT: {actor: self._district(actor) for actor in actors}}

    def _district(self, actor: str) -> str:
        found = self._belongs.get(actor) or self._works.get(actor) or set()
        if len(found) > 1:
            return SEVERAL
        return local_name(*found) if found else NOWHERE
