"""What can be wrong with an ontology, one module a subject, and the registry of all checks."""
