"""What people are asked, who may answer, and how their words count."""
