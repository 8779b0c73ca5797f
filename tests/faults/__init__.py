"""What happens when processes die: real ones, killed with SIGKILL between any two steps."""
