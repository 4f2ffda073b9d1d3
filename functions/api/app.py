"""REST ``/api/*``: people's commands and questions. Routes stand in chalicelib, one module a room."""

from collections.abc import Callable

from chalice.app import Chalice, Request, Response

from chalicelib import (
    admin_agents,
    admin_config,
    admin_trials,
    border,
    contacts,
    line,
    me,
    messages,
    offers,
    phones,
    public,
    recordings,
    sealing,
    session,
    tickets,
    transfers,
    watching,
    why,
    workspace,
)
from hearthline.platform.effects import Effects, aws

effects: Callable[[], Effects] = aws
app = Chalice(app_name="people", configure_logs=False)  # another name than our logger


@app.middleware("http")
def pass_border(request: Request, view: Callable[[Request], Response]) -> Response:
    return border.admit(request, view, effects())


ROOMS = (
    session,
    me,
    offers,
    contacts,
    recordings,
    line,
    transfers,
    sealing,
    watching,
    tickets,
    messages,
    workspace,
    why,
    public,
    admin_config,
    admin_agents,
    admin_trials,
    phones,
)
for room in ROOMS:
    app.register_blueprint(room.routes)
border.close(app)
