"""The command line: each command is an operation of a floor below, with arguments, progress and exit status.

Exit status: 0 done, 1 the sources or the evidence have faults, 2 the command could not be carried out.
"""

import gc

import click

from service.cli.answers import ask, explain, publish, query, serve, stats
from service.cli.bench import bench
from service.cli.keeping import backup, export, restore
from service.cli.loading import load, sources_
from service.cli.releases import releases
from service.cli.sources import anchor, build, check, format_
from service.cli.tokens import audit, token


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="districtgraph")
def main() -> None:
    """Who brokered which technology, where, for whom, and in which passage it says so."""
    # What a build or a load reads stays until it ends: it is not to be looked through again and again.
    gc.set_threshold(100_000, 50, 50)


_COMMANDS = (build, load, sources_, publish, serve, query, ask, explain, stats, releases, backup, restore, export)
for command in (*_COMMANDS, token, audit, check, format_, anchor, bench):
    main.add_command(command)
