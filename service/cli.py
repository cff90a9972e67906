"""The command line."""

import click


@click.group()
def main() -> None:
    """districtgraph."""


@main.command()
@click.argument("what")
def check(what: str) -> None:
    """Check."""
    import sys
    from loaders.checking import check_corpus
    from loaders.corpus import read_corpus
    from ontology.vocabulary import load_vocabulary

    faults = []
    corpus = read_corpus(faults)
    check_corpus(corpus, load_vocabulary(), faults)
    for f in sorted(faults):
        print(f)
    print(len(corpus.entries), "entries,", len(faults), "faults")
    sys.exit(bool(faults))
