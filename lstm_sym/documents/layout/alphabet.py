"""What each spelling is: one row per class of TeX command, Unicode sign or word.  No meaning, only layout."""
from __future__ import annotations

# --- spellings of the same sign: the right column is the one the tree shows -----------------------------------------

SAME = {
    r"\leq": r"\le", r"\leqslant": r"\le", r"\geq": r"\ge", r"\geqslant": r"\ge", r"\neq": r"\ne", r"\lt": "<",
    r"\gt": ">", r"\rightarrow": r"\to", r"\longrightarrow": r"\to", r"\gets": r"\leftarrow", r"\coloneqq": ":=",
    r"\colonequals": ":=", r"\defeq": ":=", r"\eqdef": ":=", r"\coloneq": ":=", r"\ast": "*", r"\colon": ":",
    r"\vert": "|", r"\Vert": r"\|", r"\lbrace": r"\{", r"\rbrace": r"\}", r"\lbrack": "[", r"\rbrack": "]",
    r"\lparen": "(", r"\rparen": ")", r"\dfrac": r"\frac", r"\tfrac": r"\frac", r"\cfrac": r"\frac",
    r"\nicefrac": r"\frac", r"\sfrac": r"\frac", r"\ldots": r"\dots", r"\dotsc": r"\dots", r"\dotsb": r"\dots",
    r"\dotsm": r"\dots", r"\dotso": r"\dots", r"\dotsi": r"\dots", r"\mathellipsis": r"\dots", r"\hdots": r"\dots",
    r"\cdotp": r"\cdot", r"\iff": r"\Leftrightarrow", r"\Longleftrightarrow": r"\Leftrightarrow", r"\cr": r"\\",
    r"\implies": r"\Rightarrow", r"\Longrightarrow": r"\Rightarrow", r"\newline": r"\\", r"\tabularnewline": r"\\",
    r"\land": r"\wedge", r"\owns": r"\ni", r"\lnot": r"\neg", r"\longmapsto": r"\mapsto",
    r"\leadsto": r"\rightsquigarrow",
    "<=": r"\le", ">=": r"\ge", "!=": r"\ne", "->": r"\to", "=>": r"\Rightarrow", "...": r"\dots",
}

UNICODE = {
    "−": "-", "–": "-", "·": r"\cdot", "⋅": r"\cdot", "∙": r"\cdot", "×": r"\times", "⊙": r"\odot", "∘": r"\circ",
    "∗": "*", "⊗": r"\otimes", "⊕": r"\oplus", "±": r"\pm", "∓": r"\mp", "÷": r"\div", "∕": "/", "⁄": "/",
    "≈": r"\approx", "≤": r"\le", "≥": r"\ge", "⩽": r"\le", "⩾": r"\ge", "≠": r"\ne", "≡": r"\equiv",
    "≜": r"\triangleq",
    "≔": ":=", "∝": r"\propto", "→": r"\to", "⟶": r"\to", "←": r"\leftarrow", "↦": r"\mapsto", "↔": r"\leftrightarrow",
    "⇒": r"\Rightarrow", "⟹": r"\Rightarrow", "⇔": r"\Leftrightarrow", "∈": r"\in", "∉": r"\notin", "⊂": r"\subset",
    "⊆": r"\subseteq", "∼": r"\sim", "≃": r"\simeq", "≅": r"\cong", "≪": r"\ll", "≫": r"\gg", "≲": r"\lesssim",
    "∀": r"\forall", "∃": r"\exists", "∴": r"\therefore", "∵": r"\because", "∧": r"\wedge", "∨": r"\vee",
    "∂": r"\partial", "∇": r"\nabla", "∞": r"\infty", "⊤": r"\top", "⊺": r"\intercal", "⟂": r"\perp", "†": r"\dagger",
    "ℓ": r"\ell", "∅": r"\emptyset", "∑": r"\sum", "∏": r"\prod", "∫": r"\int", "√": r"\sqrt", "…": r"\dots",
    "⋯": r"\cdots", "⋮": r"\vdots", "⋱": r"\ddots", "‖": r"\|", "∥": r"\|", "∣": "|", "⟨": r"\langle",
    "⟩": r"\rangle", "〈": r"\langle", "〉": r"\rangle", "⌊": r"\lfloor", "⌋": r"\rfloor", "⌈": r"\lceil",
    "⌉": r"\rceil",
    "’": "'", "′": "'", "″": "''", "‴": "'''", "⊥": r"\perp", "⨀": r"\bigodot", "∆": r"\Delta", "µ": r"\mu", "∶": ":",
    "，": ",", "：": ":", "；": ";", "（": "(", "）": ")", "＝": "=", "、": ",", "。": ".",
    "∪": r"\cup", "∩": r"\cap", "∖": r"\setminus", "⊖": r"\ominus", "⊠": r"\boxtimes", "⊡": r"\boxdot",
    "⊛": r"\circledast", "⋉": r"\ltimes", "⋊": r"\rtimes", "⨿": r"\amalg", "⋆": r"\star", "•": r"\bullet",
    "⋄": r"\diamond", "∋": r"\ni", "⊃": r"\supset", "⊇": r"\supseteq", "≺": r"\prec", "≻": r"\succ", "⪯": r"\preceq",
    "⪰": r"\succeq", "≳": r"\gtrsim", "≍": r"\asymp", "≐": r"\doteq", "⊢": r"\vdash", "⊧": r"\models", "⊨": r"\models",
    "↑": r"\uparrow", "↓": r"\downarrow", "↗": r"\nearrow", "↘": r"\searrow", "↪": r"\hookrightarrow",
    "↝": r"\rightsquigarrow", "⟼": r"\mapsto", "⟺": r"\Leftrightarrow", "¬": r"\neg", "∄": r"\nexists", "∬": r"\iint",
    "∮": r"\oint", "∐": r"\coprod", "⨁": r"\bigoplus", "⨂": r"\bigotimes", "⋃": r"\bigcup", "⋂": r"\bigcap",
    "⋀": r"\bigwedge", "⋁": r"\bigvee", "○": r"\bigcirc", "★": r"\bigstar", "ℜ": r"\Re", "ℑ": r"\Im",
    "ℏ": r"\hbar", "‡": r"\ddagger",
    **dict(zip("αβγδεζηθικλμνξπρστυφχψω", (
        r"\alpha \beta \gamma \delta \epsilon \zeta \eta \theta \iota \kappa \lambda \mu \nu \xi \pi \rho \sigma \tau "
        r"\upsilon \phi \chi \psi \omega").split(), strict=True)),
    **dict(zip("ΓΔΘΛΞΠΣΥΦΨΩϕϵϑϱϖ", (
        r"\Gamma \Delta \Theta \Lambda \Xi \Pi \Sigma \Upsilon \Phi \Psi \Omega \phi \epsilon \vartheta \varrho \varpi"
        ).split(), strict=True)),
}

SUPERSCRIPT = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁱⁿᵀᵗᵏᵃᵇᶜᵈᵉᶠᵍʰʲˡᵐᵒᵖʳˢᵘᵛʷˣʸᶻᴴᴸᴺ",
                       "0123456789+-=()inTtkabcdefghjlmoprsuvwxyzHLN", strict=True))
SUBSCRIPT = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ",
                     "0123456789+-=()aehijklmnoprstuvx", strict=True))
COMBINING = {"\u0303": r"\tilde", "\u0302": r"\hat", "\u0304": r"\bar", "\u0307": r"\dot", "\u0308": r"\ddot",
             "\u20d7": r"\vec", "\u0305": r"\overline"}

# --- classes of signs -----------------------------------------------------------------------------------------------

RELATIONS = frozenset(r"""= < > \le \ge \ne \approx \to \in \notin \ni \equiv := += -= \triangleq \propto \sim \simeq
    \cong \ll \gg \lesssim \gtrsim \subset \subseteq \supset \supseteq \mapsto \leftarrow
    \leftrightarrow \uparrow \downarrow
    \nearrow \searrow \doteq \prec \succ \preceq \succeq \asymp \perp \parallel \xrightarrow \xleftarrow
    : == \vdash \models \hookrightarrow \rightsquigarrow \not""".split())
SIGNS = frozenset(r"+ - \pm \mp \oplus \ominus".split())
OPERATORS = frozenset(r"""\cdot \odot \times * \circ \otimes / \star \bullet \div \wedge \vee \cup \cap \setminus \bmod
    \diamond \boxtimes \boxdot \circledast \oast \ltimes \rtimes \amalg \backslash \bigcirc""".split())
BETWEEN = {r"\bigodot": r"\odot", r"\bigotimes": r"\otimes", r"\bigoplus": r"\oplus"}                  # two operands
SEPARATORS = frozenset(r", ; \mid".split())
DOTS = frozenset(r"\dots \cdots \vdots \ddots \iddots \adots".split())
PUNCTUATION = frozenset(", ; .".split())
BARS = frozenset((r"|", r"\|"))
BRACKETS = {"(": ")", "[": "]", r"\{": r"\}", r"\langle": r"\rangle", r"\lfloor": r"\rfloor", r"\lceil": r"\rceil",
            r"\lvert": r"\rvert", r"\lVert": r"\rVert", r"\llbracket": r"\rrbracket", r"\lgroup": r"\rgroup"}
CLOSERS = frozenset(BRACKETS.values())
CONNECTIVES = frozenset(r"\Rightarrow \Leftrightarrow \therefore \because \forall \And".split())   # part statements

SYMBOLS = frozenset(r"""\alpha \beta \gamma \delta \epsilon \varepsilon \zeta \eta \theta \vartheta \iota \kappa
    \varkappa \lambda \mu \nu \xi \pi \varpi \rho \varrho \sigma \varsigma \tau \upsilon \phi \varphi \chi \psi \omega
    \digamma \Gamma \Delta \Theta \Lambda \Xi \Pi \Sigma \Upsilon \Phi \Psi \Omega \partial \nabla \infty \top \bot
    \intercal \ell \hbar \imath \jmath \Re \Im \wp \aleph \emptyset \varnothing \exists \nexists \neg \prime \dagger
    \ddagger \triangle \square \Box \blacksquare \bigstar \qed \checkmark \angle \degree \complement \eth \surd \flat \sharp
    \natural \clubsuit \S \P \# \$ \% \& \_ \AA \aa \o \i \j \dag \T \transpose""".split())

# --- commands that take arguments -----------------------------------------------------------------------------------

FONTS = {
    r"\mathbf": "bold", r"\boldsymbol": "bold", r"\bm": "bold", r"\bold": "bold", r"\pmb": "bold", r"\mathbfit": "bold",
    r"\symbf": "bold", r"\mathcal": "calligraphic", r"\mathscr": "calligraphic", r"\mathbb": "blackboard",
    r"\mathbbm": "blackboard", r"\Bbb": "blackboard", r"\mathds": "blackboard", r"\mathfrak": "fraktur",
    r"\mathrm": "roman", r"\operatorname": "roman", r"\operatorname*": "roman", r"\mathop": "roman",
    r"\mathsf": "sans", r"\mathtt": "typewriter", r"\mathit": "", r"\mathnormal": "", r"\symup": "roman",
}
SWITCHES = {r"\bf": "bold", r"\rm": "roman", r"\cal": "calligraphic", r"\it": "", r"\sf": "sans", r"\tt": "typewriter",
            r"\bfseries": "bold", r"\mit": ""}
TEXTS = {r"\text": "roman", r"\textrm": "roman", r"\mbox": "roman", r"\hbox": "roman", r"\textnormal": "roman",
         r"\textbf": "bold", r"\textit": "", r"\textsf": "sans", r"\texttt": "typewriter", r"\fbox": "roman",
         r"\textup": "roman", r"\textsc": "roman", r"\emph": "", r"\intertext": "roman", r"\shortintertext": "roman",
         r"\textmd": "roman"}
ACCENTS = frozenset(r"""\tilde \hat \bar \dot \ddot \dddot \vec \widetilde \widehat \overline \underline \check \breve
    \acute \grave \overrightarrow \overleftarrow \overleftrightarrow \underrightarrow \mathring \utilde""".split())
BRACES = frozenset(r"\underbrace \overbrace \underbracket \overbracket".split())
OVERS = frozenset(r"\overset \underset \stackrel \stackbin".split())
WRAPPERS = frozenset(r"\boxed \cancel \bcancel \xcancel \smash \ensuremath \mathclap \mathrlap".split())
OPERATOR_WRAPPERS = frozenset(r"\mathbin \mathrel \mathord \mathpunct \mathinner \mathopen \mathclose".split())

# argument kept aside as one token: what it is
ASIDE = {r"\label": "label", r"\tag": "tag", r"\tag*": "tag", r"\ref": "space", r"\eqref": "space", r"\cite": "space",
         r"\hspace": "wide", r"\hspace*": "wide", r"\vspace": "space", r"\phantom": "space", r"\hphantom": "space",
         r"\vphantom": "space", r"\color": "space", r"\require": "space", r"\footnote": "space",
         r"\textcolor": "space", r"\htmlClass": "space", r"\cssId": "space", r"\class": "space",
         r"\style": "space", r"\footnotemark": "space"}

WIDE = frozenset(r"\quad \qquad \hfill \hfil \qqquad".split())
SPACES = frozenset(r"""\, \; \! \: \/ \> \enspace \enskip \thinspace \medspace \thickspace \negthinspace
    \negmedspace \space ~ \nobreak
    \displaystyle \textstyle \scriptstyle \scriptscriptstyle \limits \nolimits \nonumber \notag \noindent \strut
    \mathstrut \allowbreak \nobreakspace \null \relax \hline \toprule \midrule \bottomrule \displaylimits \normalsize
    \small \footnotesize \scriptsize \tiny \large \Large \LARGE \huge \centering \ignorespaces \protect \par \break
    \allowdisplaybreaks \normalfont \- \@ \boldmath \unboldmath""".split()) | {"\\ ", "\\\n", "\\\t"}
SIZES = {f"\\{size}{side}": role for size in ("big", "Big", "bigg", "Bigg")
         for side, role in (("", ""), ("l", "open"), ("r", "close"), ("m", "middle"))}

# --- names ----------------------------------------------------------------------------------------------------------

BIG = {r"\sum": "sum", r"\prod": "prod", r"\int": "int", r"\oint": "int", r"\iint": "int", r"\coprod": "coprod",
       r"\bigodot": "bigodot", r"\bigoplus": "bigoplus", r"\bigotimes": "bigotimes", r"\bigcup": "bigcup",
       r"\bigcap": "bigcap", r"\bigwedge": "bigwedge", r"\bigvee": "bigvee"}
LIMITS = frozenset("lim max min sup inf limsup liminf argmax argmin det gcd Pr".split())   # big with a bound
WORDS = frozenset("""net loss cost err label labels target targets logit logits input inputs output outputs hidden state
    pred preds probs score scores""".split())                # names of several letters, though spelled in italics

# --- words between formulas -----------------------------------------------------------------------------------------

CONDITION_WORDS = frozenset("""for if as when whenever unless given on because since subject s.t. st during
    everywhere until throughout forall iff provided assuming suppose by""".split())
LEAD_WORDS = frozenset("""where with and or so hence thus then therefore but while i.e. ie that let which also
    namely e.g. implies i.e consequently now""".split())
UP_TO = frozenset(("to", "down to", "downto", "through", "up to"))                 # "for t = 1 to T"
BARE_WORDS = frozenset("as for if and where when with otherwise then".split())
AFTER_BARE = frozenset("all any every each some".split())                        # "for all t"

# --- environments ---------------------------------------------------------------------------------------------------

ALIGNED = frozenset("""aligned align align* split gather gather* gathered alignat alignat* alignedat eqnarray eqnarray*
    multline multline* multlined equation equation* displaymath math flalign flalign* subequations dmath dmath* empheq
    IEEEeqnarray IEEEeqnarray*""".split())
ONE_FORMULA = frozenset("multline multline* multlined dmath dmath*".split())     # their rows are lines of one formula
TAKES_ARGUMENT = frozenset("alignat alignat* alignedat array subarray empheq IEEEeqnarray IEEEeqnarray*".split())
MATRICES = frozenset("""matrix bmatrix pmatrix vmatrix Vmatrix Bmatrix smallmatrix bmatrix* pmatrix* matrix*
    bsmallmatrix
    psmallmatrix array subarray""".split())
CASES = frozenset("cases dcases rcases cases* dcases* numcases".split())
