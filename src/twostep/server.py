"""A part of Jupyter's server: answers of a kernel are sent to the page at once.

A slider is answered in many small messages. As Jupyter's server stands, TCP holds each of them
back until the one before is acknowledged (Nagle's algorithm), up to 40 ms a time. Tornado's manual
says to switch that off for a WebSocket like this one:
https://www.tornadoweb.org/en/stable/websocket.html#tornado.websocket.WebSocketHandler.set_nodelay

Switched on for every server in whose environment the course is installed (server.json). To be
dropped, with its test and its line in `benchmarks/slider.py`, when Jupyter does this itself.
"""

from typing import Any

SETTING = "kernel_websocket_connection_class"


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "twostep.server"}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Have the server connect pages to kernels as before, but without the wait.

    A server that connects them in another way than we know starts as it is, and logs that.
    """
    stock = server.web_app.settings.get(SETTING)
    if not (isinstance(stock, type) and hasattr(stock, "connect")):
        server.log.info("twostep: sliders are not made quicker, this server has no %s", SETTING)
        return
    connection: Any = stock

    class AtOnce(connection):  # type: ignore[misc]
        def connect(self) -> Any:
            try:
                self.websocket_handler.set_nodelay(True)
            except Exception as problem:
                self.log.info("twostep: sliders are not made quicker: %r", problem)
            return super().connect()

    server.web_app.settings[SETTING] = AtOnce
