"""The quads that are served, and what is done with them in a worker: a query, the reading of a graph, a write."""
