"""How long the kiosk waits for inputs that arrived in time."""

SETTLE_MS = 500
"""How long after a deadline an input that arrived before it may still be on its way: a finger takes time to lift."""
