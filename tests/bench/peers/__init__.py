"""The job queues that obligations are measured beside, each run by a Python of its own: see `course`."""
