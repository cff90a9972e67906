"""The vocabulary: OWL modules and schemes, and the Python that reads them."""
