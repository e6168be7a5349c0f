"""Page or fragment is decided here, and how an act is told: saved, with undo."""

import re
from typing import Any

from flask import Response, g, make_response, redirect, render_template, request

from server.web.guard import SESSION
from server.web.language import lazy_gettext as _

_TOAST = "__Host-t"
_OURS = re.compile(r"(/[a-z0-9-]+)+")
# What a toast may say; the cookie only names one of these.
_SAID = {
    "saved": _("Saved."),
    "not_saved": _("It could not be saved this time either. The words are still here."),
    "changed": _("Changed."),
    "undone": _("Undone."),
    "removed": _("Taken away."),
    "destroyed": _("Gone for good."),
    "back": _("It is back."),
    "maybe": _("Saved as a maybe."),
    "hidden": _("Not shown any more."),
    "shown": _("Shown again."),
    "welcome": _("Opened on this device."),
    "opened": _("Open."),
    "joined": _("Open. What you wrote while it was locked is saved."),
    "borrowed": _("Nothing will be left on this computer."),
    "own": _("Noted: the computer is your own."),
    "signed_out": _("You are signed out. Nothing is left on this phone."),
    "key_saved": _("The passkey is saved. This phone locks by itself now."),
    "key_here_only": _("The passkey is saved. It works on this phone only. Make a key card too."),
    "card_saved": _("The key card is saved."),
    "code_saved": _("The code is saved on this phone."),
    "key_removed": _("The key opens nothing any more."),
    "brought": _("Read in. It stands on its days."),
    "thrown": _("Thrown away. Nothing was read in."),
    "paired": _("Now you can hand over. Nothing has been handed over yet."),
    "not_paired": _("The invitation is taken back. It opens nothing."),
    "compared": _("Noted: you have compared the words."),
    "told": _("Sent."),
    "presented": _("Saved. Those who show you something get it."),
    "parted": _("You receive nothing more. The other has been told."),
    "accepted": _("You have said yes. Now the one who invited you says yes too."),
    "main": _("That is your main contact now."),
    "not_main": _("You have no main contact now."),
    "passed": _("The ball has gone on."),
    "asked": _("Noted: you have asked again."),
    "rests": _("It rests. No date."),
    "awake": _("Taken up again."),
    "closed": _("Closed. It can be opened again."),
    "left": _("The account is deleted. Nothing of it is left here."),
    "only_me": _("Nothing was handed over. Only you see it."),
    "stopped": _("Stopped. It cannot be read any more."),
    "ended": _("Ended. Nothing of yours can be read there."),
    "replaced": _("Nothing of yours can be read by the one before. The new one has nothing yet."),
    "again": _("Handed over again, the same as before."),
    "blocked": _("Blocked. They are not told."),
    "unblocked": _("Open again. You can write."),
    "listed": _("On the list. The page is shown when its owner chooses so."),
    "question_sent": _("Your question is sent."),
    "question_back": _("Your question is taken back. Nothing of it is left."),
    "put_away": _("Put away."),
    "said_yes": _("You have said yes."),
    "said_no": _("You have said no. Your words are sent."),
    "published": _("Your page is shown now."),
    "taken_down": _("Your page is not shown. Nobody can ask you."),
    "resigned": _("You are not listed any more."),
    "shown_here": _("Shown on this phone without unlocking."),
    "locked_here": _("Not shown without unlocking any more."),
    "copied": _("A new one, like the earlier. Change what you want."),
    "no_days": _("No answers were found around those days. You can write in your own words."),
    "notices_on": _("Notices are on for this phone."),
    "notices_off": _("Notices are off for this phone."),
    "reminder_away": _("Put away."),
    "nothing": _("Nothing to undo. Nothing was changed."),
}


def respond(page: str, fragment: str | None = None, /, **context: Any) -> Response:
    """`fragment` for htmx asking for a part; the whole page for everything else, boosted and restored pages too."""
    htmx = request.headers.get("HX-Request") == "true"
    whole = "HX-Boosted" in request.headers or request.headers.get("HX-History-Restore-Request") == "true"
    if fragment and htmx and not whole:
        return make_response(render_template(fragment, **context))
    return make_response(render_template(page, **context))


def done(address: str, said: str, *, undo: str | None = None) -> Response:
    """After an act: lead on to `address`, where a toast says what was done, with its undo."""
    response = make_response(redirect(address, 303))
    response.set_cookie(
        _TOAST, f"{said}|{undo or ''}", max_age=120, secure=True, httponly=True, samesite="Lax", path="/"
    )
    return response


def toast() -> dict[str, Any] | None:
    """What the last act left to say on this page; said once."""
    said, _bar, undo = request.cookies.get(_TOAST, "").partition("|")
    if said not in _SAID:
        return None
    g.toast_said = True
    inside = bool(_OURS.fullmatch(undo)) and SESSION in request.cookies
    return {"said": _SAID[said], "undo": undo if inside else None, "left": said == "signed_out"}


def forget_toast(response: Response) -> Response:
    if g.get("toast_said"):
        response.delete_cookie(_TOAST, secure=True, httponly=True, samesite="Lax", path="/")
    return response
