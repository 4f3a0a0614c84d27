"""Write the sample's files anew: `python -m samples`."""

from __future__ import annotations

from samples import owed, papers
from samples.generate import FOLDER, write, year

write()
papers.write(year()[0], FOLDER / "papers")
owed.write(year()[0], FOLDER / "recovery")
