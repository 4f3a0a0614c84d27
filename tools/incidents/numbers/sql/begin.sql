SELECT min(measured.at) FROM measured
