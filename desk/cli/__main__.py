"""`python -m desk.cli`: the same as `tieout`."""

import sys

from desk.cli import main

sys.exit(main())
