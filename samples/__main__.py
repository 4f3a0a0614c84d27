"""Write the sample's files anew: `python -m samples`."""

from __future__ import annotations

from samples import papers
from samples.generate import FOLDER, write, year

write()
papers.write(year()[0], FOLDER / "papers")
