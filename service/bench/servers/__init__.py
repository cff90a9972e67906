"""The servers that are measured: how each loads the graph, is started and is asked."""

from service.bench.servers.districtgraph import DistrictGraph
from service.bench.servers.oxigraph import Oxigraph
from service.bench.servers.rdflib_endpoint import RdflibEndpoint
from service.bench.servers.server import Server
from service.bench.servers.virtuoso import Virtuoso

SERVERS: dict[str, Server] = {
    server.name: server for server in (DistrictGraph(), Oxigraph(), RdflibEndpoint(), Virtuoso())
}

__all__ = ["OURS", "RDFLIB", "REFERENCE", "SERVERS", "Server"]

OURS, REFERENCE, RDFLIB = "districtgraph", "oxigraph", "rdflib-endpoint"
