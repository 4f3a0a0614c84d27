"""Imported first by the process that tests fork from: nothing that it imports is garbage."""

import gc

gc.disable()
