"""What whoever runs the desk looks at."""
