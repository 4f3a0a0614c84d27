"""Send files, see what was read of each, answer what is not sure, and have them audited."""

from __future__ import annotations

from typing import Any, Final

import yaml
from anyio import to_thread
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from desk.uploads import answers, folder, looking
from desk.uploads import audit as audits
from desk.uploads.folder import UploadFolder
from desk.web.endpoints import text, visitor_of
from desk.web.open_desk import open_desk
from desk.web.rendering import page, piece
from tools.audit import read_again
from tools.core.errors import IdentityError, UsageError
from tools.ledger.guess.questions import questions

RECENT: Final = 20
LONGEST_NAME: Final = 100
WAIT_SECONDS: Final = 6.0
_ANSWER: Final = "line-"


def show(request: Request) -> Response:
    """Show the form, and what was sent before."""
    desk = open_desk()
    recent = [
        {
            "name": sent.name,
            **sent.read("owner.json"),
            "files": sent.names(),
            "run": audits.run_of(desk.store, sent),
        }
        for sent in folder.newest(desk.settings, RECENT)
    ]
    values = {"section": "books", "recent": recent, "longest": LONGEST_NAME}
    limits = {"most_bytes": desk.settings.upload_bytes, "most_files": desk.settings.upload_files}
    return page(request, "books.html", values | limits)


def of_name(request: Request) -> Response:
    """Show what was read of one sending; it is looked at again while that is not known."""
    desk = open_desk()
    sent = folder.find(desk.settings, str(request.path_params["name"]))
    state = looking.state(sent, desk.settings)
    preview = sent.read("preview.json") if state == "read" else {}
    owner = sent.read("owner.json")
    return page(
        request,
        "book.html",
        {
            "section": "books",
            "sent": sent,
            "owner": owner,
            "state": state,
            "problem": sent.problem,
            "audit": audits.audit_state(desk.store, sent),
            "run": audits.run_of(desk.store, sent),
            "holder": read_again.live_run(desk.store, str(owner["entity"])),
            "sources": preview.get("sources", []),
            "left": sent.read("aside.json"),
            **(_guesses(sent, preview) if preview else {"asked": [], "guesses": {}}),
        },
    )


def _guesses(sent: UploadFolder, preview: dict[str, Any]) -> dict[str, Any]:
    written = sent.sources.read_text(encoding="utf-8")
    columns = {source["name"]: source["columns"] for source in preview["sources"]}
    fields = [
        {
            "field": f"{_ANSWER}{question.line}",
            "about": question.about,
            "value": answers.plain(question.value),
            "why": question.why,
            "choices": answers.choices(question, columns),
        }
        for question in questions(written)
    ]
    return {"asked": fields, "guesses": answers.reasons(written), "as_of": _as_of(written)}


def _as_of(written: str) -> str:
    return str(yaml.safe_load(written)["entity"].get("as_of") or "")


async def send(request: Request, form: FormData) -> Response:
    """Take files, look at them, and lead to what was read."""
    files = [value for value in form.getlist("files") if isinstance(value, UploadFile) and value.filename]
    entity = text(form, "entity", LONGEST_NAME)
    if not files:
        raise UsageError("no file was sent.", remedy="Choose one or more, and send them.")
    if not entity:
        raise UsageError("whose books they are is missing.", remedy="Write the company's name.")
    sender = visitor_of(request).person
    sent = await to_thread.run_sync(_take, sender.user if sender else "", entity, files)
    await to_thread.run_sync(looking.wait, sent, WAIT_SECONDS)
    return _to(request, sent)


def _take(sender: str, entity: str, files: list[UploadFile]) -> UploadFolder:
    limits = open_desk().settings
    sent = folder.begin(limits, sender, entity)
    try:
        folder.store(sent, [(file.filename or "", file.file) for file in files])
    except UsageError:
        folder.remove(sent)
        raise
    looking.begin(sent, limits)
    return sent


async def answer(request: Request, form: FormData) -> Response:
    """Put answers into the sources file, and read the files again."""
    sent = await to_thread.run_sync(_upload_folder, request)
    fields = {
        int(key.removeprefix(_ANSWER)): text(form, key, answers.LONGEST)
        for key in form
        if key.startswith(_ANSWER) and key.removeprefix(_ANSWER).isdecimal()
    }
    await to_thread.run_sync(_put, sent, fields)
    await to_thread.run_sync(looking.wait, sent, WAIT_SECONDS)
    return _to(request, sent)


def _put(sent: UploadFolder, fields: dict[int, str]) -> None:
    if not sent.sources.is_file():
        raise UsageError("these files are not read yet.", remedy="Wait a moment, and load the page again.")
    answers.put(sent.sources, fields)
    looking.begin(sent, open_desk().settings)


async def audit(request: Request, form: FormData) -> Response:
    """Start the audit as the person who is signed in, and lead to its run."""
    sent = await to_thread.run_sync(_upload_folder, request)
    token = visitor_of(request).token
    if not (sent.path / "preview.json").is_file() or token is None:
        raise UsageError("these files are not read yet.", remedy="Wait a moment, and load the page again.")
    if text(form, "left") and not text(form, "sure"):
        raise UsageError(
            "not every guess is answered.", remedy="Answer them, or tick that the audit may begin without."
        )
    desk, again = open_desk(), bool(text(form, "again"))
    await to_thread.run_sync(lambda: audits.start(desk.store, desk.settings, sent, token, again=again))
    await to_thread.run_sync(audits.wait, desk.store, sent, WAIT_SECONDS)
    run_id = await to_thread.run_sync(audits.run_of, desk.store, sent)
    if run_id and not (await to_thread.run_sync(audits.audit_state, desk.store, sent)).get("failed"):
        return RedirectResponse(f"{request.scope.get('root_path', '')}/runs/{piece(run_id)}", status_code=303)
    return _to(request, sent)


def _upload_folder(request: Request) -> UploadFolder:
    """Give the folder that a form is about. Raises IdentityError for who may not start an audit."""
    if not visitor_of(request).may_send:
        raise IdentityError("only a person who may start an audit answers for its files.")
    return folder.find(open_desk().settings, str(request.path_params["name"]))


def _to(request: Request, sent: UploadFolder) -> Response:
    return RedirectResponse(f"{request.scope.get('root_path', '')}/books/{sent.name}", status_code=303)
