# ruff: noqa: E501 - a line of a story is a message
"""A print or an entry by hand is told from an original by outline, letter and word, in any colour."""

from datetime import date

from stories import view_of

from commtrace.figures.ground import ground
from commtrace.figures.marks import Dot, Label, clock_of_day
from commtrace.figures.plotly import to_plotly
from commtrace.figures.svg import to_svg
from commtrace.figures.timeline import Chosen, lanes

STORY = """
    party get directorate get.example
    party cype directorate cype.example
    as of 2022-03-31
    #1 2022-02-14 09:30 a@get.example -> b@cype.example "Bus" : The route is set.
    #2 2022-02-15 09:30 b@cype.example -> a@get.example "Re: Bus" [re #1] [reported] : Thank you.
    #3 2022-02-16 09:30 a@get.example -> b@cype.example "Call" [call] [entered A. Officer] : We spoke of it.
"""
WINDOW = (clock_of_day(date(2022, 2, 14)), clock_of_day(date(2022, 2, 21)))


def figure(**chosen):
    return lanes(ground(view_of(STORY)), (), WINDOW, Chosen(**chosen))


def letters(made):
    return sorted(m.text for m in made.marks if isinstance(m, Label) and len(m.text) == 1)


def hollow(made):
    return {m.key: m.hollow for m in made.marks if isinstance(m, Dot)}


def test_each_grade_has_its_outline_and_its_letter_on_the_timeline():
    made = figure()
    assert letters(made) == ["E", "R"]
    assert hollow(made) == {"mmessage-1": False, "mmessage-2": True, "mmessage-3": True}


def test_and_so_it_has_in_an_opened_thread():
    thread = int(view_of(STORY).thread[1])
    made = figure(thread=thread)
    assert letters(made) == ["E", "R"]
    assert hollow(made)["mmessage-2"]


def test_the_legend_the_table_and_the_pointer_say_it_in_words():
    made = figure()
    labels = [key.label for key in made.legend]
    assert "E: entered by hand" in labels
    assert "R: reported, in a print, a log or a copy" in labels
    assert [row[4] for row in made.table.rows] == [
        "email", "email, reported", "call, entered by hand by A. Officer",
    ]  # fmt: skip
    (call,) = (m for m in made.marks if isinstance(m, Dot) and m.key == "mmessage-3")
    assert call.hover.endswith("call, entered by hand by A. Officer")


def test_both_renderers_draw_the_letters():
    made = figure()
    assert ">E<" in to_svg(made)
    assert "E<" in str(to_plotly(made, "light")) or "'E'" in str(to_plotly(made, "light"))
