"""What `--help` says: one row a command, each with examples.  `\\b` keeps the lines of a paragraph as they are."""
from __future__ import annotations

ABOUT = """Check derivations for recurrent networks equation by equation; derive, prove, print and run the right ones.

\b
  lstm-sym check notes.md          what is proved, what is false and why
  lstm-sym derive lstm             backpropagation through time, as LaTeX
  lstm-sym prove --list            theorems about gradients, each proved when asked for
  lstm-sym bound W.npy             do the gradients of this recurrent matrix vanish or grow?
  lstm-sym explain E101            what a code means

Each command has its own --help, with examples. Exit codes: 0 done, and nothing unexpected was refuted; 1 something was;
2 wrong usage, unreadable file or internal error.
"""

EXAMPLES: dict[str, str] = {
    "check": """Judge every equation of the documents.

Each is proved, refuted (with the error, a counterexample and the right equation), conditional, undecided or not read.

\b
  lstm-sym check notes.md
  lstm-sym check derivations/ --format concise
  cat notes.md | lstm-sym check - --declare "W: n x n"
  lstm-sym check notes.tex --diff                 the corrections, as a patch; --fix writes them
  lstm-sym check notes.md --emit-numpy witnesses/ one NumPy program a refuted equation, to see for yourself
  lstm-sym check . --format github --fail-on undecided,not-read
  lstm-sym check . --baseline known.json --write-baseline       then without --write-baseline: only new ones fail
  lstm-sym check others/notes.md --expect notes.expect.toml

Folders are searched for *.md, *.markdown, *.tex and *.ipynb. Expected findings stand before an equation in the
document, as <!-- lstm-sym: expect refuted E101 -->, or in TOML: [[expect]] tables of path, line, verdict and, if
wanted, code, in the file of --expect or under [[tool.lstm-sym.expect]] of the nearest pyproject.toml, where [tool.lstm-sym] holds
fail-on, exclude, declare, baseline, jobs and cache too. Verdicts are remembered in the user's cache directory, or in
that of LSTM_SYM_CACHE, until the document or the program changes.

\b
Exit codes: 0 every refuted finding is expected and every expectation met;
            1 otherwise; 2 a file cannot be read.
""",
    "derive": """Derive backpropagation through time of a model.

The gradients hold for all sizes and all lengths; the forms at the ends t = T and t = 1 follow the general ones.

\b
  lstm-sym derive lstm
  lstm-sym derive gru --format text --loss last
  lstm-sym derive notes.md --format markdown      a cell of your own, from its equations
  lstm-sym derive rnn --delta                     delta h_t for the gradient by h_t
  lstm-sym derive lstm-1997 --truncated           no error into the gates' inputs, as in 1997

\b
Exit codes: 0 done; 2 no such model, or no model line in the document.
""",
    "compare": """Show equations and gradients of two models side by side.

Lines are marked where the two differ: != both have it, < only the left one, > only the right one.

\b
  lstm-sym compare lstm gru
  lstm-sym compare lstm-vanilla lstm-cifg --delta --format markdown
  lstm-sym compare lstm-1997 --truncated          the full gradient, the truncated one, their difference

\b
Exit codes: 0 done; 2 no such model.
""",
    "models": """List the models of the catalogue.

Columns: name, what is carried from step to step, the number of parameters for n units and m inputs, what differs,
the names of the parameters, paper.

\b
  lstm-sym models
  lstm-sym models | grep gru
""",
    "code": """Print the generated program of a model.

Forward pass and all gradients, as source text; every step of its making is proved equal to the model.

\b
  lstm-sym code lstm
  lstm-sym code gru --target c -o gru.c
  lstm-sym code notes.md -o cell.py               a cell of your own, from its equations

\b
Exit codes: 0 done; 2 no such model.
""",
    "gradcheck": """Check the compiled gradients of a model in numbers.

Against complex steps, central differences and, where installed, other libraries; at small sizes, drawn with the seed.
The exit code is 1 if one comparison does not agree.

\b
  lstm-sym gradcheck lstm
  lstm-sym gradcheck gru --target c --seed 7
  lstm-sym gradcheck --all                        every model of the catalogue, a line each
  lstm-sym gradcheck notes.md                     a cell of your own, from its equations
""",
    "prove": """Prove a theorem and print it.

Hypotheses, statement, numbered steps with their reasons, and what all of it rests on. Every call proves anew; nothing
is read from a file. Theorems hold for all sizes and all numbers of steps.

\b
  lstm-sym prove --list                           names, what was checked of each, the trusted base
  lstm-sym prove rnn-tanh
  lstm-sym prove rnn-vanishing --format latex > theorem.tex      a document that LaTeX compiles
  lstm-sym prove cell-path --format markdown
  lstm-sym prove false-tanh --recheck             the second reader, and Coq where it is installed
  lstm-sym prove --list --recheck --format json

\b
Exit codes: 0 proved, and accepted by every reader that was asked;
            1 a reader refused the proof; 2 there is no such theorem.
""",
    "bound": """Certify what a given recurrent matrix W does to gradients.

Of the net h_t = phi(W h_{t-1} + x_t): the spectral radius and sigma_max, enclosed; a diagonal S that proves that gradients
vanish for all inputs, and after how many steps they are below --eps; or inputs under which they grow without bound.
Every answer has its certificate, checked by the kernel (small W) or in ball arithmetic. Floats are read exactly.

\b
  lstm-sym bound W.npy
  lstm-sym bound --matrix "[[2,-4],[1,-2]]"       spectral radius 0, and yet gradients grow
  lstm-sym bound --matrix "[[0,4],[1/16,0]]" --eps 1e-9
  lstm-sym bound W.npy --activation relu --format json

\b
Exit codes: 0 whatever the answer; 2 no square matrix of finite numbers.
""",
    "symbols": """Print the guessed symbols of a document.

A Markdown table of names, shapes and kinds, to paste into the document and correct.

\b
  lstm-sym symbols notes.md

\b
Exit codes: 0 done; 2 the document cannot be read or has no model line.
""",
    "explain": """Say what a code of a finding means.

A page for each: an example, the right form, the mathematics, how to silence it.

\b
  lstm-sym explain E101
  lstm-sym explain                                the list of all codes

\b
Exit codes: 0 done; 2 no such code.
""",
}
