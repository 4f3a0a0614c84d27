"""Look into the gravest cases with a model: bounded, read-only, and without a say in any finding.

casefile.py         the case as it is told: flags' facts, each with an id
observers.py        who looks, and with which lookups
lookups.py          the read-only functions of the desk that a model may call, their arguments validated
conversation.py     one observer's turns: what it was told, what it asked, what it reports
hypotheses.py       readings, held against the facts, merged and ranked
results.py          what is kept of an observer's part, and of a case
"""
