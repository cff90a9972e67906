"""Expands the checked corpus to quads."""

import pyoxigraph as ox

from loaders.bibliography import quads_of_reference
from loaders.corpus import Corpus
from loaders.facts import quads_of
from ontology.context import jsonld_context
from ontology.vocabulary import Vocabulary


def corpus_quads(corpus: Corpus, vocabulary: Vocabulary) -> set[ox.Quad]:
    """Return what the entries and references of `corpus`, which must be without faults, state."""
    context = jsonld_context(vocabulary)
    quads = {quad for entry in corpus.entries for quad in quads_of(entry, context)}
    for file, item in corpus.references:
        quads.update(quads_of_reference(file.source, item, context, corpus.papers))
    return quads
