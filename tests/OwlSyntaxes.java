import java.io.BufferedReader;
import java.io.File;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.formats.FunctionalSyntaxDocumentFormat;
import org.semanticweb.owlapi.formats.OWLXMLDocumentFormat;
import org.semanticweb.owlapi.formats.RDFXMLDocumentFormat;
import org.semanticweb.owlapi.formats.TurtleDocumentFormat;
import org.semanticweb.owlapi.model.IRI;
import org.semanticweb.owlapi.model.OWLDocumentFormat;
import org.semanticweb.owlapi.model.OWLObject;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.model.OWLOntologyManager;
import org.semanticweb.owlapi.util.SimpleIRIMapper;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Opens ontologies through a catalog and saves or compares them, one command a line of standard input:
 * "save FILE SYNTAX OUT" and "compare FILE FILE". Answers each with a line, "ok" or what is wrong.
 */
public class OwlSyntaxes {
    private static File catalog;
    private static String lastFile;
    private static OWLOntology last;

    public static void main(String[] arguments) throws Exception {
        catalog = new File(arguments[0]).getAbsoluteFile();
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split("\t");
            try {
                System.out.println(words[0].equals("save") ? save(words) : compare(words));
            } catch (Exception | StackOverflowError error) {
                System.out.println((line + ": " + error).replace('\n', ' '));
            }
        }
    }

    /** Loads a file, or takes it from before where it was the last one. */
    private static OWLOntology load(String file) throws Exception {
        if (!file.equals(lastFile)) {
            last = open(file);
            lastFile = file;
        }
        return last;
    }

    private static OWLOntology open(String file) throws Exception {
        OWLOntologyManager manager = OWLManager.createOWLOntologyManager();
        NodeList entries =
            DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(catalog).getElementsByTagName("uri");
        for (int i = 0; i < entries.getLength(); i++) {
            Element entry = (Element) entries.item(i);
            IRI document = IRI.create(new File(catalog.getParentFile(), entry.getAttribute("uri")));
            manager.getIRIMappers().add(new SimpleIRIMapper(IRI.create(entry.getAttribute("name")), document));
        }
        return manager.loadOntologyFromOntologyDocument(new File(file));
    }

    /** Saves as Protégé does: the prefixes of the file stay. */
    private static String save(String[] words) throws Exception {
        OWLOntology ontology = load(words[1]);
        OWLOntologyManager manager = ontology.getOWLOntologyManager();
        OWLDocumentFormat format = switch (words[2]) {
            case "ttl" -> new TurtleDocumentFormat();
            case "rdf" -> new RDFXMLDocumentFormat();
            case "owx" -> new OWLXMLDocumentFormat();
            default -> new FunctionalSyntaxDocumentFormat();
        };
        OWLDocumentFormat before = manager.getOntologyFormat(ontology);
        if (before.isPrefixOWLDocumentFormat()) {
            format.asPrefixOWLDocumentFormat().copyPrefixesFrom(before.asPrefixOWLDocumentFormat());
        }
        try (OutputStream out = new FileOutputStream(words[3])) {
            manager.saveOntology(ontology, format, out);
        }
        return "ok";
    }

    private static String compare(String[] words) throws Exception {
        Set<OWLObject> left = content(load(words[1]));
        Set<OWLObject> right = content(load(words[2]));
        String lost = left.stream().filter(axiom -> !right.contains(axiom)).map(axiom -> " lost " + axiom).sorted()
            .collect(Collectors.joining());
        String gained = right.stream().filter(axiom -> !left.contains(axiom)).map(axiom -> " gained " + axiom).sorted()
            .collect(Collectors.joining());
        return lost.isEmpty() && gained.isEmpty() ? "ok" : (words[2] + ":" + lost + gained).replace('\n', ' ');
    }

    private static Set<OWLObject> content(OWLOntology ontology) {
        Stream<OWLObject> header = Stream.of(
            ontology.annotations(),
            ontology.importsDeclarations().map(imported -> imported.getIRI()),
            ontology.getOntologyID().getOntologyIRI().stream(),
            ontology.getOntologyID().getVersionIRI().stream()).flatMap(part -> part);
        return Stream.concat(header, ontology.axioms()).collect(Collectors.toSet());
    }
}
