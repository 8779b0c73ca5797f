"""What every chat platform must do, told as stories."""
