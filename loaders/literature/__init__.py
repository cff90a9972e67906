"""Loads literature: records of works, in the formats of OpenAlex, Crossref, CSL, BibTeX and RIS, as publications."""
