"""What REST knows of the ontology: the collections that its classes make, and the keys of its terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from ontology.collections import THINGS, collections
from ontology.groups import Groups
from ontology.iris import local_name
from ontology.keys import Keys
from ontology.nearest import did_you_mean
from ontology.vocabulary import Property, Term, Vocabulary, load_vocabulary
from service.errors import UnknownThingError


@dataclass(frozen=True)
class Model:
    """The vocabulary of an ontology, the keys of its terms, its classes by the names of collections, and its groups.

    `labels` has what terms and concepts are called in languages other than English, by language and IRI.
    """

    vocabulary: Vocabulary
    keys: Keys
    collections: Mapping[str, Term]
    groups: Groups
    labels: Mapping[str, Mapping[str, str]]

    def property_of(self, key: str) -> Property | None:
        """Return the property of a key, which is its IRI where another term, or a word of documents, has the name."""
        named = self.vocabulary.properties.get(local_name(key))
        return self.keys.properties.get(key) or (named if named and named.iri == key else None)

    def class_of(self, collection: str) -> Term | None:
        """Return the class of a collection, None for that of all things. Raises UnknownThingError."""
        if collection == THINGS:
            return None
        if collection not in self.collections:
            near = did_you_mean(collection, [*self.collections, THINGS])
            raise UnknownThingError(f"there is no collection {collection[:100]!r}{near}; /api lists them")
        return self.collections[collection]


def model_of(vocabulary: Vocabulary, labels: Mapping[str, Mapping[str, str]]) -> Model:
    """Return what REST knows of an ontology."""
    return Model(vocabulary, Keys(vocabulary), collections(vocabulary.classes.values()), Groups(vocabulary), labels)


@cache
def packaged_model() -> Model:
    """Return the model of the ontology of this version, for a service that has no release."""
    return model_of(load_vocabulary(), {})
