"""Loads graphs that others made: SPARQL CONSTRUCTs make of a file or an endpoint what the ontology has terms for."""
