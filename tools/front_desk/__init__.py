"""Plain words in; a figure, a start that was asked about, or a refusal out.

figures.py, populations/      what can be asked: each figure with its definition, unit, grain and owner
snapshot.py                   the newest audited books, read only
answering.py                  a figure's query with bound parameters, and what came of it
vocabulary.py, periods.py, names.py, reading.py   a sentence becomes an understanding, or a reason why not
"""
