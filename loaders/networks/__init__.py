"""Networks of actors: the ties that a release states, measured."""
