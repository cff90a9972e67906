"""Search and suggestions in the index of a release."""
