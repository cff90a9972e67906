"""Expands the checked corpus to quads."""

from collections.abc import Collection

import pyoxigraph as ox

from loaders.bibliography import quads_of_reference
from loaders.corpus import Corpus
from loaders.facts import quads_of
from ontology.context import jsonld_context
from ontology.vocabulary import Vocabulary


def corpus_quads(corpus: Corpus, vocabulary: Vocabulary, sources: Collection[str] | None = None) -> set[ox.Quad]:
    """Return what the entries and references of `corpus`, which must be without faults, state.

    With `sources`, what these state, each in its own graph.
    """
    context = jsonld_context(vocabulary)
    entries = [entry for entry in corpus.entries if sources is None or entry.source in sources]
    quads = {quad for entry in entries for quad in quads_of(entry, context)}
    for file, item in corpus.references:
        if sources is None or file.source in sources:
            quads.update(quads_of_reference(file.source, item, context, corpus.papers))
    return quads
