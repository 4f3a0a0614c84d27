"""Language models: asked, paid for, and shown nothing that is masked."""
