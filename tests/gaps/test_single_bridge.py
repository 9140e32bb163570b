# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from functools import partial

import pytest
from stories import failed, found_by, view_of

from commtrace.model import Observability, Severity

STAGE = """
    party get directorate get.example
    party cype directorate cype.example
    party families families home.example
    mailbox lead@get.example 2021-09-01 to 2022-03-31
    as of 2022-03-31

    each working day 2021-10-01 to 2021-12-17 officer@cype.example -> lead@get.example "Pupils" : Two new pupils this week.
    #1 2021-11-10 09:00 second@cype.example -> lead@get.example "Reviews" : One review is done.
"""
WAITS = """
    #2 2022-01-06 09:00 lead@get.example -> officer@cype.example "Pupils" : Have you any new pupils?
"""
AGAIN = """
    #3 2022-01-20 09:00 second@cype.example -> lead@get.example "Pupils" : Four new pupils.
"""

findings = partial(found_by, "single_bridge")


def of(*parts, **changes):
    return findings(view_of("".join(parts), **changes))


def test_an_exchange_that_stops_with_the_one_person_who_carried_it_is_a_gap():
    (gap,) = of(STAGE, WAITS, AGAIN)
    assert gap.parties == ("cype", "get")
    assert gap.severity is Severity.MATERIAL
    assert gap.observability is Observability.ONE_SIDE
    assert gap.measure["working days"] == 20  # 20 December to 19 January
    assert "officer@cype.example wrote 56 of the 57 messages" in gap.sentence
    assert "(98%)" in gap.sentence
    assert "One message from GET to CYPE is on record" in gap.sentence.replace(
        "In the same time one", "One"
    )


def test_where_the_other_side_did_not_write_meanwhile_it_is_low():
    (gap,) = of(STAGE, AGAIN)
    assert gap.severity is Severity.LOW


def test_where_somebody_else_goes_on_there_is_no_gap():
    others = """
    every 2 working days 2021-12-20 to 2022-03-31 second@cype.example -> lead@get.example "Pupils" : One new pupil.
    """
    assert of(STAGE, WAITS, others) == ()


def test_where_the_person_wrote_to_others_meanwhile_they_were_no_absent_bridge():
    meanwhile = """
    #4 2022-01-05 09:00 officer@cype.example -> second@cype.example "Rota" : I am on the rota.
    """
    assert of(STAGE, WAITS, AGAIN, meanwhile) == ()


def test_below_the_share_nobody_is_a_bridge():
    more = """
    each working day 2021-10-01 to 2021-12-17 second@cype.example -> lead@get.example "Reviews" : Another review.
    """
    assert of(STAGE, more, WAITS, AGAIN) == ()


def test_few_messages_make_no_bridge():
    few = STAGE.replace("2021-10-01", "2021-12-08")  # eight working days
    assert of(few, WAITS, AGAIN) == ()


def test_a_shared_mailbox_is_many_people_and_no_bridge():
    shared = STAGE.replace("officer@cype.example", "enquiries@cype.example")
    assert of(shared, WAITS, AGAIN) == ()


def test_a_pair_that_often_pauses_is_not_found_to_pause():
    often = STAGE.replace("each working day", "every 11 working days").replace(
        "2021-10-01", "2021-06-01"
    )
    view = view_of(often.replace("mailbox lead@get.example 2021-09-01", "mailbox lead@get.example 2021-06-01") + WAITS + AGAIN)  # fmt: skip
    assert findings(view) == ()


def test_days_on_which_the_office_is_closed_do_not_count():
    closed = "\n closed 2021-12-18 to 2022-01-17 office\n"
    on = """
    every 2 working days 2022-01-20 to 2022-03-31 officer@cype.example -> lead@get.example "Pupils" : One new pupil.
    """
    assert of(STAGE, closed, WAITS, AGAIN, on) == ()
    assert len(of(STAGE, WAITS, AGAIN, on)) == 1


def test_an_absence_notice_is_named_and_weakens_it():
    notice = """
    #4 2022-01-06 09:01 officer@cype.example -> lead@get.example "Automatic reply: Pupils" [auto] : I am on annual leave until 20 January.
    """
    (gap,) = of(STAGE, WAITS, notice, AGAIN)
    assert failed(gap) == ["The person was away, and it was known"]
    assert gap.severity is Severity.LOW


@pytest.mark.parametrize("covered", ["2021-11-01 to 2022-03-31", "2021-09-01 to 2021-12-31"])
def test_nothing_is_claimed_of_time_that_no_mailbox_covers(covered):
    assert of(STAGE.replace("2021-09-01 to 2022-03-31", covered), WAITS, AGAIN) == ()


PASSED_ON = """
    party get directorate get.example
    party cype directorate cype.example
    party corporate other corporate.example
    mailbox jo@corporate.example 2021-09-01 to 2022-03-31
    mailbox lead@get.example 2021-09-01 to 2022-03-31
    as of 2021-12-31
"""


def passing(days):
    """On each day a request of CYPE to corporate services, passed on to GET in the afternoon."""
    return "".join(
        f"""
    #a{n} {day} 09:00 officer@cype.example -> jo@corporate.example "Case {n}" : See the case.
    #b{n} {day} 15:00 jo@corporate.example -> lead@get.example "FW: Case {n}" [fw #a{n}] : One for you.
    """
        for n, day in enumerate(days)
    )


def test_a_third_through_whom_matters_are_passed_on_is_a_bridge_too():
    october = [f"2021-10-{day:02}" for day in (4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 18, 19)]
    later = passing(["2021-12-01"]).replace("#a0", "#x").replace("#b0", "#y")
    gaps = of(PASSED_ON, passing(october), later)
    (gap,) = [g for g in gaps if "passed on" in g.anchor]
    assert set(gap.parties) == {"cype", "get"}
    assert "12 of the 12 occasions" in gap.sentence
    assert "ran through jo@corporate.example (100%)" in gap.sentence
    assert gap.measure["working days"] == 30


def test_a_threshold_of_case_toml_is_used():
    assert of(STAGE, "\n rule single_bridge days = 30\n", WAITS, AGAIN) == ()
