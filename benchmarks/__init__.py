"""Side-by-side measurements, run by ``make bench``. Every figure is a ratio within one run."""
