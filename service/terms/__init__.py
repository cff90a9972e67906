"""The ontology over HTTP: its terms as trees with counts, a page for each, and its files."""
