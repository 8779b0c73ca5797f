"""What Shopbell costs: each figure beside its yardstick, measured in the same run."""
