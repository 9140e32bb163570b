"""What a person ruled on a sentence stands over what the cues read of it."""

from datetime import UTC, datetime

import pytest

from commtrace.language.acts import acts as read_acts
from commtrace.model import ActKind, ActRuling, ActVerdict, CommunicationId, Segment, Zone
from commtrace.reconstruction.tagged import of_text, places, tagged

NAME = CommunicationId("m1")
TEXT = "Dear Ben,\n\nPlease send the key.  The bus\nis a red one. Thanks.\n\n> Please send the key."
NEW = Segment(zone=Zone.NEW, start=0, end=TEXT.index(">"))
ZONES = (NEW, Segment(zone=Zone.QUOTED, start=NEW.end, end=len(TEXT), depth=1))
REQUEST, WARNING = ActKind.REQUEST, ActKind.WARNING
ASKS, STATES = "Please send the key.", "The bus is a red one."


def ruling(said, kind, verdict, *, instead=None, communication=NAME):
    return ActRuling(
        communication=communication, said=said, kind=kind, verdict=verdict, instead=instead,
        because="The card says so.", who="R. Ambrose", when=datetime(2022, 3, 3, 9, tzinfo=UTC),
    )  # fmt: skip


def under(*rulings, text=TEXT, zones=ZONES):
    return of_text(read_acts(text, zones, NAME), rulings, text, zones)


def done(acts):
    return [(act.kind, " ".join(act.said.split())) for act in acts]


def test_without_a_ruling_the_cues_stand():
    assert (REQUEST, ASKS) in done(under())
    assert not [kind for kind, said in done(under()) if said == STATES]


def test_a_sentence_is_tagged_by_hand_and_says_by_whom_and_why():
    (made,) = [a for a in under(ruling(STATES, REQUEST, ActVerdict.IS)) if a.ruled]
    assert (made.kind, TEXT[made.start : made.end]) == (REQUEST, "The bus\nis a red one.")
    assert made.cue == "tagged by R. Ambrose, 3 Mar 2022: The card says so."


def test_what_a_person_says_is_none_is_none():
    assert (REQUEST, ASKS) not in done(under(ruling(ASKS, REQUEST, ActVerdict.IS_NOT)))


def test_the_kind_is_changed_by_one_ruling():
    changed = under(ruling(ASKS, REQUEST, ActVerdict.INSTEAD, instead=WARNING))
    assert [act for act in done(changed) if act[1] == ASKS] == [(WARNING, ASKS)]


def test_a_confirmed_act_stands_once_and_is_a_persons():
    (one,) = [a for a in under(ruling(ASKS, REQUEST, ActVerdict.IS)) if a.kind is REQUEST]
    assert one.ruled is not None


@pytest.mark.parametrize(
    "text",
    [
        "Hello.\n\nPLEASE send   the\nkey. More follows.",
        "Please send the key. And a driver.",
    ],
)
def test_a_ruling_finds_its_words_wherever_they_stand_now(text):
    zones = (Segment(zone=Zone.NEW, start=0, end=len(text)),)
    assert REQUEST not in {
        a.kind for a in under(ruling(ASKS, REQUEST, ActVerdict.IS_NOT), text=text, zones=zones)
    }


def test_a_sentence_that_reaches_further_than_what_was_ruled_on_is_another_one():
    text = "Please send the key and tell us when."
    zones = (Segment(zone=Zone.NEW, start=0, end=len(text)),)
    found = under(ruling("Please send the key", REQUEST, ActVerdict.IS_NOT), text=text, zones=zones)
    assert REQUEST in {act.kind for act in found}


def test_new_words_are_meant_before_quoted_ones():
    ((start, _),) = places(ASKS, TEXT, ZONES)
    assert start < NEW.end
    quoted = (Segment(zone=Zone.QUOTED, start=0, end=len(TEXT)),)
    assert len(places(ASKS, TEXT, quoted)) == 2  # read as quoted now: the ruling still holds


def test_words_that_are_not_there_change_nothing():
    assert under(ruling("The train is late.", REQUEST, ActVerdict.IS)) == under()
    assert places("  ", TEXT, ZONES) == ()


def test_the_later_of_two_rulings_on_a_sentence_stands():
    first = ruling(ASKS, REQUEST, ActVerdict.INSTEAD, instead=WARNING)
    then = ruling(ASKS, WARNING, ActVerdict.IS_NOT)
    assert not [act for act in done(under(first, then)) if act[1] == ASKS]
    assert (WARNING, ASKS) in done(under(then, first))


def test_only_the_message_ruled_on_is_changed():
    other = CommunicationId("m2")
    acts = {name: read_acts(TEXT, ZONES, name) for name in (NAME, other)}
    made = tagged(
        acts,
        [ruling(ASKS, REQUEST, ActVerdict.IS_NOT)],
        lambda names: dict.fromkeys(names, TEXT),
        lambda names: dict.fromkeys(names, ZONES),
    )
    assert made[other] == acts[other]
    assert NAME not in made  # nothing else was read in it


def test_a_ruling_on_a_message_that_is_gone_changes_nothing():
    acts = {NAME: read_acts(TEXT, ZONES, NAME)}
    gone = ruling(ASKS, REQUEST, ActVerdict.IS, communication=CommunicationId("gone"))
    assert tagged(acts, [gone], lambda _: {}, lambda _: {}) == acts
