"""Mails that come in: returned ones, complaints, automatic answers, opt-outs, and what people write."""
