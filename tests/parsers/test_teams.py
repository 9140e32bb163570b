"""A Teams chat exported as a page: told by its parts, or read as the page it is."""

import pytest
from papers import read

from commtrace.model import Channel, Declared, Record
from commtrace.parsers import _chatlines
from commtrace.parsers._teams import MEMBERS, NO_ZONE
from commtrace.parsers.html import html

FACTS = """<table><tr><td class="chat-label">Display names</td><td class="chat-data">
<div class="chat-data">Bernard Pell</div><div class="chat-data">Odette Tarrant</div></td></tr>
<tr><td class="chat-label">Number of messages</td><td class="chat-data">3</td></tr>
<tr><td class="chat-label">Case time zone</td><td class="chat-data">(UTC) Coordinated Universal
Time</td></tr></table>"""


def one(sender, date, text, kind="received"):
    parts = {"sender": sender, "date": date, "text": text}
    inner = "".join(f'<div class="message-{name}">{said}</div>' for name, said in parts.items())
    return f'<label class="{kind}-message-wrapper" id="message7">{inner}</label>'


def page(*messages, facts=FACTS):
    body = "".join(messages)
    return (
        '<!DOCTYPE html><html><head><title>t</title></head><body><h1 class="chat-title">PACT</h1>'
        f"{facts}<div id=container>{body}</div></body></html>"
    ).encode()


TWO = (
    one("Bernard Pell", "2/14/2022 9:30:15 AM", "<p>Are the routes <b>live</b>?</p>", "sent"),
    one("Odette Tarrant", "2/14/2022 9:31:00 PM", "Not yet."),
)


def records(data):
    return [found for found in read(html, "chat.html", data) if isinstance(found, Record)]


def test_each_message_goes_to_the_others_in_the_chat():
    found = records(page(*TWO))
    assert [(r.sender.name, [a.name for a in r.to], r.text) for r in found] == [
        ("Bernard Pell", ["Odette Tarrant"], "Are the routes live?"),
        ("Odette Tarrant", ["Bernard Pell"], "Not yet."),
    ]
    assert {r.channel for r in found} == {Channel.CHAT}
    assert [r.source.part for r in found] == [("message 1",), ("message 2",)]


def test_times_are_exact_where_the_page_gives_their_zone():
    first, second = records(page(*TWO))
    assert f"{first.sent.earliest:%d %m %H:%M:%S}" == "14 02 09:30:15"
    assert f"{second.sent.earliest:%H:%M}" == "21:31"
    assert first.sent.exact


def test_a_zone_that_the_page_does_not_give_is_never_invented():
    found = records(page(*TWO, facts=""))[0]
    assert (found.sent.latest - found.sent.earliest).total_seconds() == 26 * 3600 + 1
    assert NO_ZONE in found.doubts
    assert MEMBERS in found.doubts


def test_an_order_of_day_and_month_that_is_not_shown_is_a_doubt():
    found = records(page(one("A", "2/3/2022 9:30:15 AM", "x")))[0]
    assert _chatlines.DAY_FIRST in found.doubts


def test_how_many_messages_it_says_it_holds_is_declared():
    found = [f for f in read(html, "chat.html", page(*TWO)) if isinstance(f, Declared)]
    assert [(f.what, f.number) for f in found] == [("messages", 3)]


@pytest.mark.parametrize(
    "data",
    [
        page(),
        page('<div class="message">Jo: hi</div>'),
        page("<style>.sent-message-wrapper .message-sender .message-date{}</style>words"),
    ],
)
def test_a_page_without_these_parts_stays_a_page(data):
    (found,) = records(data)
    assert (found.channel, found.reader) == (Channel.WEB, "html")
