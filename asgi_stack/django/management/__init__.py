"""The management command of this package."""
