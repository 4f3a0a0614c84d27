"""Notices to people: worded, delivered by Apprise out of the outbox, and watched over.

deliver.deliver(store, settings) -> Delivered     send what is due now
deliver.watch(store, settings, stop)              the same until told to stop
health.state(store, settings) -> {"status", "message"}
"""

import warnings

# Apprise's mail looks for a module that Python 3.13 no longer has, and brings its own where it is gone.
warnings.filterwarnings("ignore", "'imghdr' is deprecated", DeprecationWarning)
