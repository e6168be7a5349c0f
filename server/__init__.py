"""Dagsform: how much the day can hold, what is possible just today, and nobody else's business."""

from functools import partial

from flask import Flask, Response, g
from sqlalchemy import text

from server.config import Settings
from server.core.database import Database
from server.push.sending import courier_of
from server.vault.sealing import derive
from server.vault.sessions import Sessions
from server.web import pwa
from server.web.folding import FoldingEnvironment


def create_app(settings: Settings) -> Flask:
    """The whole house, put together. Raises nothing for a database that is empty: `server.migrations` fills it."""
    app = Flask("server", template_folder="../templates", static_folder=None)
    app.jinja_environment = FoldingEnvironment
    app.config.update(MAX_CONTENT_LENGTH=2_000_000, MAX_FORM_MEMORY_SIZE=1_000_000, SECRET_KEY=None)
    app.debug = settings.debug
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "autoescape": True}

    add_stores(app, settings)
    add_pages(app, settings)
    add_slices(app)
    add_health(app)
    pwa.init_app(app, worker=settings.worker)
    return app


def add_stores(app: Flask, settings: Settings) -> None:
    """What this process holds on to: settings, two databases, and nothing about anybody."""
    app.extensions["settings"] = settings
    app.extensions["database"] = Database(settings.database)
    app.extensions["session_database"] = Database(settings.sessions, durable=False)
    app.extensions["sessions"] = Sessions(app.extensions["session_database"], settings.pepper)
    app.extensions["frank"] = derive(settings.secret, "frank")
    app.extensions["vouching"] = derive(settings.secret, "vouching")
    app.extensions["push"] = derive(settings.secret, "push")
    app.extensions["courier"] = courier_of(settings)


def add_pages(app: Flask, settings: Settings) -> None:
    from server.web import drawing, errors, headers, language, limits, live, pages, static

    static.init_app(app, settings.home)
    headers.init_app(app)
    language.init_app(app)
    drawing.init_app(app)
    pages.init_app(app)
    limits.init_app(app, settings.secret)
    errors.init_app(app)
    live.init_app(app)


def add_slices(app: Flask) -> None:
    import server.circle.seeing
    import server.messages.asking_routes  # noqa: F401 - pages on a blueprint of another file, as the one above
    from server.accounts.keys import bp as keys
    from server.accounts.routes import bp as accounts
    from server.activities.routes import bp as activities
    from server.circle.ball import bp as ball
    from server.circle.giving import bp as giving
    from server.circle.holding import bp as holding
    from server.circle.inviting import bp as inviting
    from server.circle.noting import bp as noting
    from server.circle.routes import bp as circle
    from server.days.routes import bp as days
    from server.help.routes import bp as help_
    from server.hosts.founding import host_of
    from server.hosts.routes import bp as hosts
    from server.items.routes import bp as items
    from server.messages.boundaries import bp as boundaries
    from server.messages.handing_on import bp as handing_on
    from server.messages.peer_routes import bp as peers
    from server.messages.reporting import bp as reporting
    from server.messages.routes import bp as messages
    from server.mine.routes import bp as mine
    from server.money.routes import bp as money
    from server.phone.routes import bp as phone
    from server.plan.routes import bp as plan
    from server.push.routes import bp as push
    from server.shared.routes import bp as shared
    from server.story.routes import bp as story
    from server.story.safety_routes import bp as safety
    from server.story.telling import bp as telling
    from server.today.routes import bp as today
    from server.web.outbox import bp as outbox

    circles = (circle, ball, noting, giving, holding, inviting, story, shared)
    talks = (peers, reporting, messages, boundaries, handing_on)
    app.extensions["host_of"] = partial(host_of, vouching=app.extensions["vouching"])
    for blueprint in (
        today,
        days,
        activities,
        plan,
        telling,
        money,
        safety,
        items,
        *circles,
        hosts,
        *talks,
        help_,
        accounts,
        keys,
        mine,
        outbox,
        phone,
        push,
        pwa.bp,
    ):
        app.register_blueprint(blueprint)


def add_health(app: Flask) -> None:
    from server.web.guard import open_to_all

    @app.get("/healthz")
    @open_to_all
    def health() -> Response:
        """“ok” only when both stores answer."""
        g.db.execute(text("SELECT 1 FROM account LIMIT 1"))
        with app.extensions["session_database"].read() as sessions:
            sessions.execute(text("SELECT 1 FROM session LIMIT 1"))
        return Response("ok\n", mimetype="text/plain")
