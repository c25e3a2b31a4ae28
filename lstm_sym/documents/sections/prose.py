"""What sentences say: hypotheses before a display, the loss a section means, consequences claimed after it."""

from __future__ import annotations

import re

DEFINES = re.compile(r"\b(define|let|consider|given by|defined by|computed as|set)\b", re.I)
HYPOTHESIS = re.compile(r"\b(if|when|whenever|suppose|assume|assuming|provided|as long as)\b[^.!?]*$", re.I)
FORMULA = re.compile(r"\$([^$]+)\$")
RELATION = re.compile(r"[=<>≈≤≥]|\\(?:to|approx|leq?|geq?|ll|gg)\b")
OF_INDICES = re.compile(r"(?:[\stTkjs\d+\-=<>≤≥,]|\\(?:leq?|geq?|neq?|tau|dots|ldots)\b)+")
CONSEQUENCE = re.compile(
    r"^[\s,;:]*(then|,?\s*the gradients?|gradients?|it)\b[^.]*?"
    r"\b(shrinks?|vanish\w*|decays?|explod\w*|grows?|tends?|converges?|goes|bounded|zero)\b",
    re.I,
)
VANISHING = re.compile(r"\b(shrinks?|vanish\w*|decays?|tends? to (0|zero)|goes to (0|zero)|converges?)\b", re.I)
SCALARS = re.compile(
    r"\bscalar (form|version|case|setting|models?|net\w*|RNNs?|LSTMs?|GRUs?|recurren\w*|states?|hidden|weights?)\b|"
    r"\b(all|every\w*|variables|quantities|states?|weights?)\b[^.]{0,40}\b(scalars?|one[- ]dimensional|(real|plain) numbers)\b|"
    r"\b(single|one) (hidden )?(unit|neuron)\b",
    re.I,
)
VECTORS = re.compile(r"\b(vectors?|matrix|matrices)\b", re.I)
LETTER = r"\$+\s*([A-Za-z]|\\[a-zA-Z]+)\s*\$+"
FUNCTION = re.compile(                                       # where a letter is said to be a function of one's own
    rf"(?i:\b(?:activation(?: function)?|non-?linearity|transfer function|squashing function))\s+{LETTER}"
    rf"|{LETTER}\s*(?i:is|denotes|being|stands for|:|,)?\s*(?i:an?|the|some|any)?\s*(?i:(?:[\w-]+ ){{0,3}})"
    r"(?i:activation function|non-?linearity|non-?linear function|transfer function|squashing function"
    r"|applied (?:element|entry|component)-?\s?wise)")
SIGMA = re.compile(r"\$\\sigma\$+[^.。$]{0,30}(?:activation|non-?linear|激活)[^.。\n]*", re.I)    # where sigma is an activation
LOGISTIC = re.compile(r"sigmoid|logistic", re.I)
LAST_ONLY = re.compile(
    r"\bloss\b.{0,80}\b(only on|depends on|reads|at|from|of)\b.{0,40}\b(last|final)\b|"
    r"\b(last|final) (state|step|hidden state|output)\b.{0,40}\bonly\b|"
    r"\bonly\b.{0,20}\b(last|final)\b.{0,60}\bloss\b|"
    r"\b(?:loss|cost|error)\b.{0,60}\bonly\b.{0,40}[a-z]_\{?T\b|"
    r"\b(?:loss|cost|error)\b.{0,60}[a-z]_\{?T\}?\W{0,5}\bonly\b",
    re.I,
)
EVERY_STEP = re.compile(r"\bloss\b.{0,80}\b(every|each|all)\b.{0,20}\b(step|state|time)", re.I)
NOT_LAST = re.compile(r"\b(not?|every|each|all|sum\w*|total|mean|average|except|including|until|up to|to the|between)\b", re.I)
NOT_EVERY = re.compile(r"\b(not?|except|only|last|final)\b", re.I)
MODEL = re.compile(
    r"\b(instead|another|alternativ\w+|variants?|(in|by) contrast|unlike|LSTMs?|GRUs?|RNNs?|vanilla|Elman|Jordan|peepholes?|"
    r"(linear|tanh|sigmoid\w*|relu|identity)( \w+){0,2}|without)\b",
    re.I,
)
VARIANT = re.compile(r"\b(instead|another|alternativ\w+|variants?|(in|by) contrast|unlike|replac\w+|simpler|simplif\w+)\b", re.I)
RECALLED = re.compile(r"\b(recall|remember|again|as before|repeat\w*|above|earlier|previous\w*|same)\b", re.I)
SENTENCE = re.compile(r"[.!?;](?=\s|$)")
LAST_STEP = re.compile(
    r"\b(final|last|number of)( time)?[- ]?(steps?|times?|index),?\s*(is|=)?\s*[$(\\]*$|"
    r"\blength\s+[$(\\]*$",
    re.I,
)


NEARBY = re.compile(
    r"\b((near|close to|around|at) (the )?(origin|zero|equilibrium|fixed[- ]points?)|(linear|saturated) (regime|range|region)|"
    r"for (very |sufficiently |arbitrarily )?(large|small|long)|(sufficiently|arbitrarily) (large|small|long)|eventually|"
    r"asymptotic\w*|approximately|roughly|on average|in expectation|to (first|leading) order)\b",
    re.I,
)
PLACE = re.compile(r"\b(?:at|near|around)\s*\$([^$]*)\$", re.I)


def names_another(before: str) -> bool:
    """Do the words before a display announce a model, and not one that was there before?"""
    return bool(MODEL.search(before)) and not RECALLED.search(before)


def names_a_variant(before: str) -> bool:
    """Does the sentence before a display speak of another form of the model?"""
    return bool(VARIANT.search(SENTENCE.split(before.strip())[-1]))


def names_last(before: str) -> bool:
    """Do the words before a letter call it the last step: the final time step, tau?"""
    return bool(LAST_STEP.search(before))


def defines_a_model(before: str) -> bool:
    """Do the words of a sentence say that what follows is defined, or supposed from here on?"""
    return bool(DEFINES.search(re.split(r"[.!?:](?:\s|$)", before)[-1]))


def is_hypothesis(before: str) -> bool:
    """Does the sentence before a display suppose it?"""
    return bool(HYPOTHESIS.search(before.strip())) and not before.rstrip().endswith("where")


def supposes_a_formula(before: str) -> bool:
    """Does the sentence before a formula suppose another one, not about indices alone: "if $f_t = 1$, then"?"""
    found = HYPOTHESIS.search(before.replace(r"\(", "$").replace(r"\)", "$").strip())
    formulas = FORMULA.findall(found[0]) if found else ()
    return any(RELATION.search(formula) and not OF_INDICES.fullmatch(formula) for formula in formulas)


def is_said_nearby(before: str) -> bool:
    """Does the sentence speak of a place or a limit only: near the origin, at $h_t = 0$, for large $T$, in the linear regime?"""
    sentence = SENTENCE.split(before.replace(r"\(", "$").replace(r"\)", "$").strip())[-1]
    places = (formula for formula in PLACE.findall(sentence) if not OF_INDICES.fullmatch(formula))
    return bool(NEARBY.search(sentence)) or any("=" in formula for formula in places)


def consequence(after: str) -> str | None:
    """The consequence the sentence after a supposed display claims, in the author's words."""
    found = CONSEQUENCE.search(after.strip())
    if found is None:
        return None
    sentence = re.split(r"[.!?](\s|$)", after.strip())[0]
    return " ".join(sentence.split()).lstrip(",;: ")


def leaves_sigma_open(text: str) -> bool:
    """Do the words call sigma an activation function, and not the logistic one?"""
    return any(not LOGISTIC.search(found[0]) for found in SIGMA.finditer(text))


def named_functions(text: str) -> frozenset[str]:
    """The letters that the words call an activation function or a nonlinearity: F, \\rho."""
    return frozenset(found[1] or found[2] for found in FUNCTION.finditer(text))


def says_numbers(text: str) -> bool:
    """Do the words say that what the net computes are numbers, and speak of no vectors beside?"""
    return bool(SCALARS.search(text)) and not VECTORS.search(text)


def loss_convention(text: str) -> str | None:
    """Whether the loss reads the last step or every step, if the text says so; a sentence that says more is left out."""
    sentences = SENTENCE.split(text)
    last = any(LAST_ONLY.search(s) and not NOT_LAST.search(s) for s in sentences)
    every = any(EVERY_STEP.search(s) and not NOT_EVERY.search(s) for s in sentences)
    return None if last == every else "last" if last else "every"
