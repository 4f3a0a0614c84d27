"""What a model does to an audit, measured against a scripted endpoint: nothing, and at what price."""
