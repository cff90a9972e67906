"""Things of the graph over REST: collections, filters, facets, and each thing with what is said of it."""
