"""Every page and every form, in one table."""

from __future__ import annotations

from starlette.routing import Route

from desk.web import sign_in
from desk.web.endpoints import acting, reading
from desk.web.pages import (
    approvals,
    ask,
    case,
    deciding,
    feedback,
    health,
    incident,
    lineage,
    queue,
    recovery,
    report,
    run,
    runs,
)

ROUTES = (
    Route("/sign-in", sign_in.show, methods=["GET"]),
    Route("/sign-in", sign_in.enter, methods=["POST"]),
    Route("/sign-out", sign_in.leave, methods=["POST"]),
    Route("/", reading(queue.front), methods=["GET"]),
    Route("/cases", reading(queue.show), methods=["GET"]),
    Route("/cases/{case_id}", reading(case.show), methods=["GET"]),
    Route("/cases/{case_id}/review", acting(deciding.review_case), methods=["POST"]),
    Route("/flags/{flag_id}", reading(case.of_flag), methods=["GET"]),
    Route("/flags/{flag_id}/review", acting(deciding.review_flag), methods=["POST"]),
    Route("/approvals", reading(approvals.show), methods=["GET"]),
    Route("/approvals/{request_id}/decide", acting(deciding.decide), methods=["POST"]),
    Route("/runs", reading(runs.show), methods=["GET"]),
    Route("/runs/{run_id}", reading(run.show), methods=["GET"]),
    Route("/runs/{run_id}/live", reading(run.live), methods=["GET"]),
    Route("/runs/{run_id}/trail", reading(run.trail_of), methods=["GET"]),
    Route("/runs/{run_id}/charts/{name}.svg", reading(run.chart), methods=["GET"]),
    Route("/flags/{flag_id}/vendor.svg", reading(case.vendor_chart), methods=["GET"]),
    Route("/ask", reading(ask.show), methods=["GET"]),
    Route("/ask", acting(ask.put), methods=["POST"]),
    Route("/ask/{run_id}/choose", acting(ask.choose), methods=["POST"]),
    Route("/feedback", reading(feedback.show), methods=["GET"]),
    Route("/feedback/begin", acting(feedback.begin), methods=["POST"]),
    Route("/feedback/{proposal_id}/decide", acting(feedback.decide), methods=["POST"]),
    Route("/feedback/{proposal_id}/roll-back", acting(feedback.roll_back), methods=["POST"]),
    Route("/claims", reading(recovery.show_claims), methods=["GET"]),
    Route("/claims/{claim_id}", reading(recovery.show_claim), methods=["GET"]),
    Route("/letters", reading(recovery.show_letters), methods=["GET"]),
    Route("/letters/{letter_id}/decide", acting(recovery.decide_letter), methods=["POST"]),
    Route("/pipeline", reading(recovery.show_pipeline), methods=["GET"]),
    Route("/pipeline/chances.svg", reading(recovery.reliability_chart), methods=["GET"]),
    Route("/suppression", reading(recovery.show_suppression), methods=["GET"]),
    Route("/report", reading(report.show), methods=["GET"]),
    Route("/report/{name}.svg", reading(report.chart), methods=["GET"]),
    Route("/lineage", reading(lineage.show), methods=["GET"]),
    Route("/incidents", reading(incident.listed), methods=["GET"]),
    Route("/incidents/{incident_id}", reading(incident.show), methods=["GET"]),
    Route("/incidents/{incident_id}/report.{form}", reading(incident.report), methods=["GET"]),
    Route("/incidents/{incident_id}/verdict", acting(incident.judge), methods=["POST"]),
    Route("/health", reading(health.show), methods=["GET"]),
)
