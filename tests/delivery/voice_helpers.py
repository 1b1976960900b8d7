"""Short ways to say what the tests of the voice do again and again."""

import datetime as dt
from uuid import uuid4

from delivery.services import voice, voice_answers

TODAY = dt.date(2024, 6, 25)


def said(people, **fields):
    given = {"id": uuid4(), "location": people.location, "kind": "concern", "text": "It is dark."}
    return voice.hear(**{**given, **fields})


def read(people, concern, **fields):
    given = {
        "version": concern.version,
        "kind": "concern",
        "target_place": None,
        "public_text": "It is dark there.",
        "publish": True,
        "answer_by": dt.date(2024, 7, 15),
        "by": people.community,
    }
    return voice.moderate(concern=concern, **{**given, **fields})


def answered(people, **about):
    draft = voice_answers.draft_answer(
        id=uuid4(), kind="did", text="We repaired the lamps.", by=people.community, **about
    )
    return voice_answers.approve_answer(answer=draft, version=1, by=people.coordinator)
