"""Pictures where people would rather look than read: each function gives an SVG, whole and offline."""

from desk.charts.digits import benford
from desk.charts.matching import ageing, match_rate
from desk.charts.vendors import vendor_amounts

__all__ = ["ageing", "benford", "match_rate", "vendor_amounts"]
