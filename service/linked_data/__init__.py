"""What answers at the IRIs of releases and graphs, and tells machines where to begin."""
