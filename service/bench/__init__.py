"""Measures the service beside other SPARQL servers: one graph, the same queries, one server after another."""
