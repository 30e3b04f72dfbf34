"""Nothing but what everybody asks."""
