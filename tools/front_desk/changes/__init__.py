"""Changes of the rules, as code is changed: drafted, tested, replayed, mutated, gated, approved, reversible.

draft.py, yaml_text.py         what is changed, as the text of the rules file before and after
planned_tests.py               cases that are generated for a change
suite_process.py, suite.py     they run in a process of their own, within limits
mutants.py                     changes like it that the tests have to tell from it
gates.py                       what has to be reached before people are asked
workflow.py, activation.py     the steps, each of which may be repeated
"""
