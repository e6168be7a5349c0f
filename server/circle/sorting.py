"""The post is sorted before a page is drawn, so that whoever looks sees what has come."""

from flask import current_app, g, request

from server.circle import post
from server.vault import mailbox
from server.vault.keyring import open_keyring


def sort_post() -> None:
    """Sort what waits, if anything does; `g.keyring` is what it is afterwards.

    A page that only reads opens a transaction of its own for it: one that waits for nothing takes no lock.
    """
    if not post.is_waiting(g.db, g.keyring):
        return
    before, frank = len(g.keyring.contacts), current_app.extensions["frank"]
    if request.method == "POST":
        g.keyring = post.sort(g.db, g.keyring, g.account_key, g.now, frank)
    else:
        with current_app.extensions["database"].write() as db:
            mailbox.take_turns(db, g.keyring.account)
            # Another window may have sorted, or met somebody, since this request opened the keyring.
            fresh = open_keyring(db, g.keyring.account, g.account_key)
            g.keyring = post.sort(db, fresh, g.account_key, g.now, frank)
    if len(g.keyring.contacts) < before:
        g.forget_deleted = True  # somebody has left: what they had was burnt
