"""Every prompt renders, and takes exactly the slots that it names."""

from __future__ import annotations

import pytest

import prompts


@pytest.mark.parametrize("name", prompts.names())
def test_a_prompt_renders(name: str) -> None:
    """With all its slots filled, both messages are there and no slot is left."""
    prompt = prompts.load(name)
    system, user = prompt.render(**{slot: f"<{slot}>" for slot in prompt.slots})
    assert system
    assert user
    assert all(f"<{slot}>" in system + user for slot in prompt.slots)
    assert "$" not in system + user


def test_a_slot_that_is_missing_or_unknown_is_refused() -> None:
    """A typing error in a slot's name is found at once."""
    prompt = prompts.load("explain_case")
    with pytest.raises(KeyError, match="explain_case"):
        prompt.render(claims="5", schema="{}")
    with pytest.raises(KeyError, match="nonsense"):
        prompt.render(claims="5", schema="{}", data="{}", nonsense="x")


def test_what_is_filled_in_is_not_read_again() -> None:
    """A $ in the books is a $."""
    _, user = prompts.load("explain_case").render(claims="5", schema="{}", data="$schema ${claims} $$")
    assert "$schema ${claims} $$" in user
