SELECT m.*, w.period, w.role
FROM measured m
JOIN window_of w ON m.at >= w.from_at AND m.at < w.to_at
