"""Notices to people: worded, delivered by Apprise out of the outbox, and watched over.

deliver.deliver(store, settings) -> Delivered     send what is due now
deliver.watch(store, settings, stop)              the same until told to stop
background.delivering(app)                         the same beside a server
"""
