"""Words and commands that name functions: those of the functions table, and others that are read though without a meaning."""
from __future__ import annotations

from lstm_sym.documents.layout.alphabet import SYMBOLS
from lstm_sym.expr.functions import spelled

SPELLED = frozenset(spelled())
FUNCTIONS = frozenset(r"""\lg \sin \cos \tan \sinh \cosh \coth \cot \sec \csc \arcsin \arccos
    \arctan \det \dim \ker \deg \hom \arg \gcd \Pr \max \min \sup \inf \lim \limsup \liminf \argmax \argmin
    \tr \Tr \diag \rank
    \sign \sgn \softmax \artanh \arctanh \projlim""".split()) | {s for s in SPELLED if s[0] == "\\"} - SYMBOLS
BARE = frozenset("""diag softmax tr Tr trace det rank max min sin cos sinh
    cosh sign sgn vec vect lim argmax argmin arctanh atanh logsumexp concat cosine gelu GELU elu
    ELU silu swish Diag sup inf erf dropout Dropout LSTM GRU RNN MLP LayerNorm Softmax
    Concat hardtanh""".split()) | {s for s in SPELLED if s[0] != "\\"}
NAMED = BARE | {name[1:] for name in FUNCTIONS}     # \mathrm{diag} is the function, not a name of one's own
