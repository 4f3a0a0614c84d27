"""Look into the gravest cases: bounded, read-only, and without a say in any finding.

case_reading.py     a case read without a model: what three observers see of it, and hypotheses of that
casefile.py         the case as it is told: its flags, and what was seen of them, each with an id
observers.py        who looks further with a model, and with which lookups
lookups.py          the read-only functions of the desk that a model may call, their arguments validated
conversation.py     one observer's turns: what it was told, what it asked, what it reports
hypotheses.py       what models think, held against the facts, merged where they agree
disproof.py         what would show a hypothesis wrong, tried on each
judging.py          confidence and grounding of hypotheses, and their order
results.py          what is kept of an observer's part, and of a case
"""
