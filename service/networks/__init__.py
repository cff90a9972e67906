"""The networks of a release over HTTP."""
