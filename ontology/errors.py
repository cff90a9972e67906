"""What can go wrong with the files of the ontology.

OntologyError
├── OntologyFileError    a module or the catalog is missing or cannot be parsed
└── UnknownTermError     there is no such class or property; names the nearest
"""


class OntologyError(Exception):
    """Anything that keeps the ontology from being read or used."""


class OntologyFileError(OntologyError):
    """A module or the catalog cannot be read; the message begins with `file:line:` where it has a line."""


class UnknownTermError(OntologyError):
    """A name that no term of the ontology has."""
