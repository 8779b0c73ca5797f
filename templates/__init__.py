"""The words that people read, as Jinja templates; they hold no wire format."""
