"""The SPARQL 1.1 protocols over HTTP: query, update, graph store, service description."""
