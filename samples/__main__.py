"""Write the sample's files anew: `python -m samples`."""

from __future__ import annotations

from samples.generate import write

write()
