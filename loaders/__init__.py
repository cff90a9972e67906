"""The sources: papers and their facts, read, checked and turned into a release."""
