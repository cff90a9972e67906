"""What the pages take from npm: which packages, by lock file, and how their files come to be served."""
