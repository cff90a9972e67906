"""What follows from the facts by the axioms of OWL 2 RL and by the rules of the domain, and why."""
