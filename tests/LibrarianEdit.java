import java.io.File;
import java.io.FileOutputStream;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.formats.FunctionalSyntaxDocumentFormat;
import org.semanticweb.owlapi.formats.OWLXMLDocumentFormat;
import org.semanticweb.owlapi.formats.RDFXMLDocumentFormat;
import org.semanticweb.owlapi.formats.TurtleDocumentFormat;
import org.semanticweb.owlapi.model.IRI;
import org.semanticweb.owlapi.model.OWLAnnotationSubject;
import org.semanticweb.owlapi.model.OWLClass;
import org.semanticweb.owlapi.model.OWLDataFactory;
import org.semanticweb.owlapi.model.OWLDocumentFormat;
import org.semanticweb.owlapi.model.OWLNamedIndividual;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.model.OWLOntologyManager;
import org.semanticweb.owlapi.util.SimpleIRIMapper;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Does what a librarian does in Protégé: opens the root through the catalog, adds a class to the module of actors and
 * an individual to that of technologies, and saves both, here in each of four syntaxes in a folder of its own.
 */
public class LibrarianEdit {
    static final String BASE = "https://w3id.org/districtgraph/";
    static final String SKOS = "http://www.w3.org/2004/02/skos/core#";
    static final OWLDataFactory FACTORY = OWLManager.getOWLDataFactory();

    public static void main(String[] arguments) throws Exception {
        File root = new File(arguments[0], "districtgraph.ttl").getAbsoluteFile();
        OWLOntologyManager manager = OWLManager.createOWLOntologyManager();
        NodeList entries = DocumentBuilderFactory.newInstance().newDocumentBuilder()
            .parse(new File(arguments[0], "catalog-v001.xml")).getElementsByTagName("uri");
        for (int i = 0; i < entries.getLength(); i++) {
            Element entry = (Element) entries.item(i);
            File file = new File(root.getParentFile(), entry.getAttribute("uri"));
            manager.getIRIMappers().add(new SimpleIRIMapper(IRI.create(entry.getAttribute("name")), IRI.create(file)));
        }
        manager.loadOntologyFromOntologyDocument(root);
        OWLOntology actors = manager.getOntology(IRI.create(BASE + "ontology/actors"));
        OWLOntology technologies = manager.getOntology(IRI.create(BASE + "ontology/technologies"));
        addClass(manager, actors);
        addIndividual(manager, technologies);
        Map<String, OWLDocumentFormat> formats = Map.of("ttl", new TurtleDocumentFormat(),
            "rdf", new RDFXMLDocumentFormat(), "owx", new OWLXMLDocumentFormat(),
            "ofn", new FunctionalSyntaxDocumentFormat());
        for (Map.Entry<String, OWLDocumentFormat> format : formats.entrySet()) {
            File folder = new File(arguments[1], format.getKey());
            folder.mkdirs();
            save(manager, actors, format.getValue(), new File(folder, "actors." + format.getKey()));
            save(manager, technologies, format.getValue(), new File(folder, "technologies." + format.getKey()));
        }
    }

    static void addClass(OWLOntologyManager manager, OWLOntology module) {
        OWLClass fabLab = FACTORY.getOWLClass(IRI.create(BASE + "ontology#FabLab"));
        OWLClass collectiveActor = FACTORY.getOWLClass(IRI.create(BASE + "ontology#CollectiveActor"));
        manager.addAxiom(module, FACTORY.getOWLDeclarationAxiom(fabLab));
        manager.addAxiom(module, FACTORY.getOWLSubClassOfAxiom(fabLab, collectiveActor));
        annotate(manager, module, fabLab.getIRI(), "http://www.w3.org/2000/01/rdf-schema#label", "fab lab");
        annotate(manager, module, fabLab.getIRI(), SKOS + "definition",
            "A collective actor that runs a workshop with digital tools, open to the firms and people around it.");
        source(manager, module, fabLab.getIRI());
    }

    static void addIndividual(OWLOntologyManager manager, OWLOntology module) {
        OWLNamedIndividual laser = FACTORY.getOWLNamedIndividual(IRI.create(BASE + "id/laser-cutting"));
        manager.addAxiom(module, FACTORY.getOWLDeclarationAxiom(laser));
        manager.addAxiom(module, FACTORY.getOWLClassAssertionAxiom(
            FACTORY.getOWLClass(IRI.create(BASE + "ontology#Technology")), laser));
        manager.addAxiom(module, FACTORY.getOWLObjectPropertyAssertionAxiom(
            FACTORY.getOWLObjectProperty(IRI.create(SKOS + "inScheme")), laser,
            FACTORY.getOWLNamedIndividual(IRI.create(BASE + "id/scheme-technologies"))));
        manager.addAxiom(module, FACTORY.getOWLObjectPropertyAssertionAxiom(
            FACTORY.getOWLObjectProperty(IRI.create(SKOS + "broader")), laser,
            FACTORY.getOWLNamedIndividual(IRI.create(BASE + "id/digital-manufacturing"))));
        annotate(manager, module, laser.getIRI(), SKOS + "prefLabel", "laser cutting");
        annotate(manager, module, laser.getIRI(), SKOS + "definition", "Cutting material with a beam of light.");
        source(manager, module, laser.getIRI());
    }

    static void annotate(OWLOntologyManager manager, OWLOntology module, OWLAnnotationSubject term, String property,
            String english) {
        manager.addAxiom(module, FACTORY.getOWLAnnotationAssertionAxiom(
            FACTORY.getOWLAnnotationProperty(IRI.create(property)), term, FACTORY.getOWLLiteral(english, "en")));
    }

    static void source(OWLOntologyManager manager, OWLOntology module, OWLAnnotationSubject term) {
        manager.addAxiom(module, FACTORY.getOWLAnnotationAssertionAxiom(
            FACTORY.getOWLAnnotationProperty(IRI.create("http://purl.org/dc/terms/source")), term,
            FACTORY.getOWLLiteral("hervas-oliver-2021, 4.1")));
    }

    static void save(OWLOntologyManager manager, OWLOntology module, OWLDocumentFormat format, File file)
            throws Exception {
        format.asPrefixOWLDocumentFormat().copyPrefixesFrom(
            manager.getOntologyFormat(module).asPrefixOWLDocumentFormat());
        try (FileOutputStream out = new FileOutputStream(file)) {
            manager.saveOntology(module, format, out);
        }
    }
}
