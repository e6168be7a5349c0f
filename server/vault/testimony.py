"""The server's word for what it has seen: HMAC under a key that is not in the database, bound to one reader.

Sealing is deniable on purpose: what I show of a letter proves nothing to a third person. Whoever reports a message
wants that proof, and can have it: the server, which works with the text while they are signed in, found the tag of the
letter that it lies in, and says so to the one whom the report is for.
"""

import hmac

from server.vault.sealing import Secret, context, derive


def testify(frank: Secret, reader: bytes, words: bytes) -> bytes:
    """The server's word (32 bytes), for the account `reader` (16 bytes) alone."""
    key = derive(frank, "testimony")
    return hmac.digest(key.reveal(), context("testimony", reader, words), "sha256")


def holds(frank: Secret, reader: bytes, words: bytes, testimony: bytes) -> bool:
    """Whether it is the server's word for exactly this, to this reader."""
    return hmac.compare_digest(testify(frank, reader, words), testimony)
