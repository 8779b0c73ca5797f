"""A third chat platform, as small as one can be: boards in a dictionary, and people who write on them."""
