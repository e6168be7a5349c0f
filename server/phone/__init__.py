"""The phone itself: what it can do and show without a connection, and what stays on it."""
