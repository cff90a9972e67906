"""Says in a sentence by what something follows by each rule of OWL 2 RL, under the name that the W3C gives it."""

W3C = "https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules"
"""Where the rules are defined, in tables 4 to 9."""

_SAME = "What holds of a thing holds of what is the same."
_SYMMETRY = "A symmetric property holds both ways."
_EQUIVALENT_PROPERTIES = "Equivalent properties join the same things."
_INVERSE = "What a property joins, its inverse joins the other way round."
_EQUIVALENT_CLASSES = "Equivalent classes have the same members."
_AT_MOST_ONE = "Where there is at most one value, all values are the same."
_BOTH_WAYS = "Of two classes that are equivalent each is a subclass of the other."
_PROPERTIES_BOTH_WAYS = "Of two properties that are equivalent each is a subproperty of the other."
_WIDER_VALUES = "A restriction is a subclass of the same one with a wider class or property."

SUMMARIES = {
    "eq-sym": "What is the same as another thing, that is the same as it.",
    "eq-trans": "What is the same as a third thing by way of a second is the same as it.",
    "eq-rep-s": _SAME,
    "eq-rep-p": "What a property joins is joined by a property that is the same.",
    "eq-rep-o": _SAME,
    "prp-dom": "What has a property is in its domain.",
    "prp-rng": "What is the value of a property is in its range.",
    "prp-fp": "The values of a functional property are the same.",
    "prp-ifp": "What has the same value of an inverse functional property is the same.",
    "prp-symp": _SYMMETRY,
    "prp-trp": "A transitive property leads on from its values.",
    "prp-spo1": "What a property joins is joined by the properties above it.",
    "prp-spo2": "What a chain of properties joins is joined by the property that follows from it.",
    "prp-eqp1": _EQUIVALENT_PROPERTIES,
    "prp-eqp2": _EQUIVALENT_PROPERTIES,
    "prp-inv1": _INVERSE,
    "prp-inv2": _INVERSE,
    "prp-key": "Members of a class that share the values of its key are the same.",
    "cls-int1": "What is a member of all parts of an intersection is a member of it.",
    "cls-int2": "A member of an intersection is a member of its parts.",
    "cls-uni": "A member of a part of a union is a member of it.",
    "cls-oo": "What is listed is a member of the list.",
    "cls-svf1": "What has some value of the class that a restriction asks for is a member of it.",
    "cls-svf2": "What has any value that a restriction asks for is a member of it.",
    "cls-avf": "All values of a member of such a restriction are of the class that it names.",
    "cls-hv1": "A member of such a restriction has the value that it names.",
    "cls-hv2": "What has the value that a restriction names is a member of it.",
    "cls-maxc2": _AT_MOST_ONE,
    "cls-maxqc3": _AT_MOST_ONE,
    "cls-maxqc4": _AT_MOST_ONE,
    "cax-sco": "A member of a class is a member of the classes above it.",
    "cax-eqc1": _EQUIVALENT_CLASSES,
    "cax-eqc2": _EQUIVALENT_CLASSES,
    "scm-sco": "What is above the class above is above, too.",
    "scm-eqc1": _BOTH_WAYS,
    "scm-eqc2": "Classes that are subclasses of each other are equivalent.",
    "scm-spo": "What is above the property above is above, too.",
    "scm-eqp1": _PROPERTIES_BOTH_WAYS,
    "scm-eqp2": "Properties that are subproperties of each other are equivalent.",
    "scm-dom1": "What is above the domain of a property is a domain of it, too.",
    "scm-dom2": "The domain of a property is that of the properties below it.",
    "scm-rng1": "What is above the range of a property is a range of it, too.",
    "scm-rng2": "The range of a property is that of the properties below it.",
    "scm-hv": _WIDER_VALUES,
    "scm-svf1": _WIDER_VALUES,
    "scm-svf2": _WIDER_VALUES,
    "scm-avf1": _WIDER_VALUES,
    "scm-avf2": "A restriction to a class is a subclass of the same one on a narrower property.",
    "scm-int": "An intersection is a subclass of its parts.",
    "scm-uni": "The parts of a union are subclasses of it.",
}
