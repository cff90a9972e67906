"""A dataset that another server holds: any SPARQL 1.1 endpoint that a release was published to."""
