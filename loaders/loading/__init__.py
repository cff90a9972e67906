"""Loads large sources: each into a graph of its own, as sorted N-Triples that a release then takes up."""
