"""The front: command line, SPARQL and REST over a release."""
