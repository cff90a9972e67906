import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** Sends what Jena sends, by the client that Jena uses: HTTP/2 is offered as an upgrade with the first request. */
class HttpClientOfJava {
    public static void main(String[] arguments) throws Exception {
        String service = arguments[0];
        String token = arguments[1];
        String query = "SELECT ?é { VALUES ?é { 'ü & + %41' } }";
        String form = "query=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
        String update = "INSERT DATA { GRAPH <http://example.org/java> { <http://example.org/a> <http://example.org/b> 'ü' } }";
        String turtle = "<http://example.org/a> <http://example.org/c> 'ü' .";
        // A client offers the upgrade with its first request to a server only, so each request has a client of its own.
        tell("form", send(service + "/sparql", "POST", "application/x-www-form-urlencoded", form, token));
        tell("query", send(service + "/sparql", "POST", "application/sparql-query", query, token));
        tell("update", send(service + "/update", "POST", "application/sparql-update", update, token));
        tell("put", send(service + "/graph-store?graph=http://example.org/put", "PUT", "text/turtle", turtle, token));
        String long_ = "INSERT DATA { <http://example.org/a> <http://example.org/long> '" + "x".repeat(500_000) + "' }";
        tell("long", send(service + "/update", "POST", "application/sparql-update", long_, token));
        HttpRequest get = HttpRequest.newBuilder(URI.create(service + "/sparql?query=ASK%7B%7D")).build();
        tell("get", client().send(get, BodyHandlers.ofString()));
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    }

    private static HttpResponse<String> send(String url, String method, String type, String body, String token)
            throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", type)
                .header("Accept", "text/csv;q=0.9, */*;q=0.1")
                .header("Authorization", "Bearer " + token)
                .method(method, BodyPublishers.ofString(body))
                .build();
        return client().send(request, BodyHandlers.ofString());
    }

    private static void tell(String name, HttpResponse<String> answer) {
        System.out.println(name + "\t" + answer.statusCode() + "\t" + answer.body().replaceAll("\\s+", " ").strip());
    }
}
