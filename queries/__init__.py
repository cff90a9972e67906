"""The questions: one `.rq` file each, and the Python that lists, types and binds them."""
