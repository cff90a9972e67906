"""Publications: what they cite and what for, and their references in the formats of reference managers."""
