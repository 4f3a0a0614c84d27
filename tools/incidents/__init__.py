"""Incidents: why a number moved, a book does not tie, a run or a service failed.

kinds.py            the kinds of incident, and which three observers look at each
incident.py         an incident as its graph reads it
numbers/            by which elements a number moved
systems/            services: metrics, logs and traces over HTTP
desks/              the desk's own runs
steps.py            what the graph's nodes do
"""
