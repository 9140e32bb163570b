"""The View as a whole, its graph and its timeline."""

from __future__ import annotations

from datetime import UTC, date, datetime

from commtrace.brief import Brief
from commtrace.model import Mark
from commtrace.moments import Basis, days
from commtrace.reconstruction.graph import components, graph, reciprocity
from commtrace.reconstruction.timeline import by_day, by_week

AMY, HELP, OLI = "Amy <amy@gmail.com>", "Help <help@wantsum.example>", "Oli <oli@taxis.example>"


def test_an_empty_case_is_a_view(view):
    assert len(view([])) == 0


def test_rows_stand_in_order_of_time_and_undated_ones_last(mail, view):
    late = mail("2022-01-12 09:00", AMY, HELP, "2")
    early = mail("2022-01-10 09:00", AMY, HELP, "1")
    undated = mail(None, AMY, HELP, "3")
    seen = view([undated, late, early])
    assert seen.ids == (early.id, late.id, undated.id)
    assert seen.dated == 2
    assert seen.end[2] == 0


def test_as_of_is_the_last_moment_in_the_evidence_never_today(mail, view):
    seen = view([mail("2022-01-10 09:00", AMY, HELP)])
    assert seen.as_of == datetime(2022, 1, 10, 9, 0, 1, tzinfo=UTC)


def test_as_of_in_the_case_file_includes_that_day(mail, view):
    seen = view([mail("2022-01-10 09:00", AMY, HELP)], Brief(as_of=date(2022, 4, 20)))
    assert seen.as_of == datetime(2022, 4, 20, 23, 0, tzinfo=UTC)


def test_automatic_mail_is_known_by_its_mark_or_by_a_subject_that_says_so(mail, view):
    seen = view([
        mail("2022-01-10 09:00", AMY, HELP, "Bus", marks=[Mark.AUTOMATIC]),
        mail("2022-01-10 09:01", AMY, HELP, "Automatic reply: Bus"),
        mail("2022-01-10 09:02", AMY, HELP, "Out of Office: Bus"),
        mail("2022-01-10 09:03", AMY, HELP, "Automatic doors"),
    ])  # fmt: skip
    assert seen.automatic.tolist() == [True, True, True, False]


def test_a_forward_has_a_mark_and_something_it_passes_on(mail, view):
    quoted = "See below.\n\nFrom: Amy\nSent: 10 January 2022 09:00\nTo: Help\nSubject: Bus\n\nWhen?"
    seen = view([
        mail("2022-01-11 09:00", HELP, OLI, "FW: Bus", text=quoted),
        mail("2022-01-12 09:00", HELP, OLI, "FW: Bus 2", text="Nothing follows."),
        mail("2022-01-13 09:00", HELP, OLI, "Bus", text=quoted),
    ])  # fmt: skip
    assert seen.forward.tolist() == [True, False, False]


def test_new_text_leaves_quotations_out(mail, view):
    one = mail("2022-01-10 09:00", AMY, HELP, text="Yes.\n\nOn 9 Jan 2022 10:00, B wrote:\n> No?\n")
    assert view([one]).new_text([one.id])[one.id].strip() == "Yes."


def test_contacts_count_each_pair_once_a_message(mail, view):
    seen = view([
        mail("2022-01-10 09:00", AMY, HELP, "1", cc=OLI),
        mail("2022-01-11 09:00", AMY, HELP, "2"),
        mail("2022-01-12 09:00", HELP, AMY, "3"),
    ])  # fmt: skip
    known = {(c.from_, c.to): c for c in seen.contacts}
    found = known["private-addresses", "domain:wantsum.example"]
    assert found.communications == 2
    assert (found.first, found.last) == (seen.whens[0], seen.whens[1])


def test_the_graph_knows_who_writes_both_ways_and_who_is_apart(mail, view):
    seen = view([
        mail("2022-01-10 09:00", AMY, HELP),
        mail("2022-01-11 09:00", HELP, AMY),
        mail("2022-01-12 09:00", OLI, "x@firm.example"),
    ])  # fmt: skip
    parties = {party.id for party in seen.parties}
    made = graph(c for c in seen.contacts if c.from_ in parties)
    assert reciprocity(made) == 0.5
    assert [len(group) for group in components(made)] == [2, 2]


def test_an_interval_that_spans_bins_is_counted_apart(mail, view):
    week = days(date(2022, 1, 10), date(2022, 1, 14), "w/c 10 January", Basis.LETTERHEAD)
    day = days(date(2022, 1, 12), date(2022, 1, 12), "12 January 2022", Basis.LETTERHEAD)
    assert by_week([week, day]).counts == ((date(2022, 1, 10), 2),)
    assert by_day([week, day, None]).counts == ((date(2022, 1, 12), 1),)
    assert (by_day([week, None]).spanning, by_day([week, None]).undated) == (1, 1)


def test_empty_weeks_between_are_kept():
    first, last = date(2022, 1, 10), date(2022, 1, 26)
    found = by_week([days(day, day, "", Basis.LETTERHEAD) for day in (first, last)])
    assert [count for _, count in found.counts] == [1, 0, 1]


def test_a_clock_years_ahead_does_not_move_the_end_of_the_evidence(mail, view):
    seen = view([
        mail("2022-01-10 09:00", AMY, HELP, "1"),
        mail("2022-03-10 09:00", AMY, HELP, "2"),
        mail("2037-01-01 00:00", OLI, HELP, "3"),
    ])  # fmt: skip
    assert seen.as_of == datetime(2022, 3, 10, 9, 0, 1, tzinfo=UTC)
