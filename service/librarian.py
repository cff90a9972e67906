"""The librarian's commands: what `districtgraph check ontology` and `districtgraph format ontology` do."""
