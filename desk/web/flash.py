"""What a page says after a form: one of our own sentences, named by a code in the address."""

from __future__ import annotations

from starlette.requests import Request

SAID = {
    "done-approve": "Recorded: approved.",
    "done-reject": "Recorded: rejected.",
    "done-edit": "Recorded: the case is judged again.",
    "done-skip": "Recorded: skipped.",
    "done-retry": "Recorded: the checks run again.",
    "next-approve": "Recorded: upheld. Next case.",
    "next-reject": "Recorded: dismissed. Next case.",
    "next-edit": "Recorded: the severity is changed, and the case judged again. Next case.",
    "next-skip": "Recorded: left open. Next case.",
    "assigned": "Recorded: who has the case. A notice is queued for them.",
    "commented": "Recorded: your comment. Whoever it names is told.",
    "filters": "Recorded: your filters.",
    "several": "Recorded, for each case that was selected.",
    "again": "You have said so already; it counts once.",
    "rolled-back": "Taken back: the rules file is as before that change.",
    "done-reading": "The reviews were read; what they suggest is below.",
    "signed": "Recorded: your signature. What waits for it starts when a worker is free.",
    "sent-back": "Recorded: the paper went back to its preparer.",
    "tests-put-down": "Put down for the workers: the gates are here when they have tested it.",
    "settled": "Recorded: what the mail says. It was acted on.",
    "reviewed": "Recorded: your review.",
}
RUNNING = "Taken. The run goes on; this page shows the result when it is loaded again."
WAITING = "Taken, and recorded. The run goes on when a worker is there; none is now (tieout work)."


def message_of(request: Request) -> str:
    """Give what a form that led here came to: one of our own sentences, never what a link says."""
    code = request.query_params.get("said", "")
    came = code.partition("-")[0]
    return SAID.get(code) or {"running": RUNNING, "waiting": WAITING}.get(came, "")
