import java.io.File;
import javax.xml.parsers.DocumentBuilderFactory;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.IRI;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.model.OWLOntologyCreationException;
import org.semanticweb.owlapi.model.OWLOntologyManager;
import org.semanticweb.owlapi.model.parameters.Imports;
import org.semanticweb.owlapi.profiles.OWL2DLProfile;
import org.semanticweb.owlapi.profiles.OWLProfileViolation;
import org.semanticweb.owlapi.util.SimpleIRIMapper;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Opens ontologies, each through the catalog beside it, as Protégé does, and prints their OWL 2 DL violations. */
public class OwlProfile {
    public static void main(String[] arguments) throws Exception {
        for (String argument : arguments) {
            check(new File(argument).getAbsoluteFile());
        }
    }

    private static void check(File root) throws Exception {
        OWLOntologyManager manager = OWLManager.createOWLOntologyManager();
        NodeList entries = DocumentBuilderFactory.newInstance().newDocumentBuilder()
            .parse(new File(root.getParentFile(), "catalog-v001.xml")).getElementsByTagName("uri");
        for (int i = 0; i < entries.getLength(); i++) {
            Element entry = (Element) entries.item(i);
            File file = new File(root.getParentFile(), entry.getAttribute("uri"));
            manager.getIRIMappers().add(new SimpleIRIMapper(IRI.create(entry.getAttribute("name")), IRI.create(file)));
        }
        OWLOntology ontology;
        try {
            ontology = manager.loadOntologyFromOntologyDocument(root);
        } catch (OWLOntologyCreationException | RuntimeException error) {
            System.out.println("violation: cannot be read, " + error.getClass().getSimpleName());
            System.out.println("ontologies: 0");
            return;
        }
        for (OWLProfileViolation violation : new OWL2DLProfile().checkOntology(ontology).getViolations()) {
            System.out.println("violation: " + violation);
        }
        System.out.println("ontologies: " + manager.ontologies().count());
        System.out.println("classes: " + ontology.classesInSignature(Imports.INCLUDED).count());
        System.out.println("axioms: " + ontology.axioms(Imports.INCLUDED).count());
    }
}
