"""The papers that the models come from."""

ELMAN = "Elman 1990, Cognitive Science 14(2)"
HOCHREITER = "Hochreiter & Schmidhuber 1997, Neural Computation 9(8)"
GERS_FORGET = "Gers, Schmidhuber, Cummins 2000, Neural Computation 12(10)"
GERS_PEEPHOLES = "Gers, Schraudolph, Schmidhuber 2002, JMLR 3"
GREFF = "Greff et al. 2015, arXiv 1503.04069"
CHO = "Cho et al. 2014, arXiv 1406.1078"
CHUNG = "Chung et al. 2014, arXiv 1412.3555"
