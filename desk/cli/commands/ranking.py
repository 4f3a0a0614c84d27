"""`tieout ranking`."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.cli.options import AsJson, TokenFile


def ranking(
    *,
    learn: Annotated[
        bool, typer.Option("--learn", help="Learn it anew from all reviews so far (role auditor).")
    ] = False,
    token_file: TokenFile = None,
    as_json: AsJson = False,
) -> None:
    """Show what the learned order of the queue rests on, and whether it is in use; --learn learns it anew.

    From 200 reviewed flags on, a calibrated model orders the queue by the chance that a case is upheld. It is
    in use only where it gains over exposure's order on the newest reviews, which it was not fitted on. It
    hides, makes and regrades nothing. `tieout tick` learns it anew once a day.

    For example:

        tieout ranking

        tieout ranking --learn
    """
    from desk import reviews
    from desk.approvals.decide import signed_in
    from desk.cli.screen import err, out, plain_utf8
    from desk.cli.startup import begin, token_of
    from desk.views.ranking import lines_of, ranking_row
    from desk.views.safe_text import json_text
    from tools.feedback.ranking import learn as learning
    from tools.store import open_store

    settings = begin()
    store = open_store(settings.database_url)
    if learn:
        person = signed_in(token_of(settings, token_file), settings)
        reviews.refuse_without_right_to_review(person)
        learning.learn(store, by=person.user)
    row = ranking_row(learning.newest(store))
    if as_json:
        plain_utf8()
        print(json_text(row))
        return
    for line in lines_of(row):
        out().print(line, soft_wrap=True, markup=False, highlight=False)
    if row is None:
        err().print("Learn it: tieout ranking --learn", style="quiet")
