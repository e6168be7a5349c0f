"""Delat med mig: what a contact has been handed, and what they answer."""
