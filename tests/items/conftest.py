"""Somebody with an open drawer and the sheets of the plan."""

from server.plan import sheets as _plan  # noqa: F401 - registers what its items are
