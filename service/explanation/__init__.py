"""Why a triple is in the graph: who states it, where it stands written, what is claimed, and what joins its ends."""
