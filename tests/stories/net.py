"""The way between phone and server, which a story can break: the server is real, and what it has done is done."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class Net:
    """`down`: nobody is reached. `lost`: so many posts are done whose answers never come. `gone`: a proxy's 502."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self.down = self.gone = False
        self.lost = 0
        self.asked: list[str] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.asked.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        if self.down:
            raise ConnectionError
        if self.gone:
            start_response("502 Bad Gateway", [("Content-Type", "text/plain")])
            return [b"nobody behind the proxy\n"]
        answer = self._app(environ, start_response)
        if self.lost and environ["REQUEST_METHOD"] == "POST":
            self.lost -= 1
            b"".join(answer)
            close = getattr(answer, "close", None)
            if close:
                close()
            raise ConnectionError
        return answer
