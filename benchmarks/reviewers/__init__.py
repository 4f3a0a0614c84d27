"""What feedback learns from reviewers who are sound, lazy or hostile: python -m benchmarks.reviewers."""
