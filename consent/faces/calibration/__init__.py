"""Measure on the school's own enrolled pupils what each distance costs in misses and in false alarms."""
