"""The frame round every page: navigation, the case's strip, the style sheet.

Stands among the pages, because Streamlit would take a `pages` folder beside its main script for
pages of an older kind and run them without this frame.
"""

from pathlib import Path

import streamlit as st
from PIL import Image, ImageDraw

from commtrace.errors import CommtraceError
from commtrace.figures.words import day_words
from commtrace.ui import door, state

PAGES = Path(__file__).parent


@st.cache_resource(show_spinner=False)
def _icon() -> Image.Image:
    """Three lanes with a mark each, drawn here: a named icon would be fetched from elsewhere."""
    image = Image.new("RGBA", (64, 64), "#1D4F91")
    pen = ImageDraw.Draw(image)
    for y, x0, x1 in ((16, 8, 30), (32, 22, 56), (48, 8, 40)):
        pen.line((x0, y, x1, y), fill="white", width=6)
        pen.ellipse((x1 - 6, y - 6, x1 + 6, y + 6), fill="white")
    return image


def _strip() -> None:
    desk = state.desk()
    first, last = desk.ground.first, desk.ground.last
    door.put(
        '<div class="ct-strip" role="note"><b>{title}</b><span>{first} to {last}</span>'
        "<span>{count} communications</span><span>{gaps} gaps</span></div>",
        title=desk.case.title,
        first=day_words(first),
        last=day_words(last - 1),
        count=f"{len(desk.view):,}",
        gaps=f"{len(desk.gaps):,}",
    )


st.set_page_config("commtrace", page_icon=_icon(), layout="wide")
page = st.navigation(
    [
        st.Page(PAGES / "overview.py", title="Overview", icon=":material/home:", default=True),
        st.Page(PAGES / "timeline.py", title="Timeline", icon=":material/timeline:"),
        st.Page(PAGES / "network.py", title="Network", icon=":material/hub:"),
        st.Page(PAGES / "handoffs.py", title="Handoffs", icon=":material/move_down:"),
        st.Page(PAGES / "gaps.py", title="Gaps", icon=":material/report:"),
        st.Page(PAGES / "promises.py", title="Promises", icon=":material/handshake:"),
        st.Page(PAGES / "people.py", title="People", icon=":material/group:"),
        st.Page(PAGES / "coverage.py", title="Coverage", icon=":material/grid_on:"),
        st.Page(PAGES / "evidence.py", title="Evidence", icon=":material/inventory_2:"),
        st.Page(PAGES / "report.py", title="Report", icon=":material/description:"),
        st.Page(
            PAGES / "challenge.py",
            title="Challenge",
            icon=":material/balance:",
            visibility="hidden",  # reached from Gaps
        ),
        st.Page(
            PAGES / "criteria.py",
            title="Criteria",
            icon=":material/straighten:",
            visibility="hidden",  # reached from Gaps
        ),
        st.Page(
            PAGES / "message.py",
            title="Message",
            icon=":material/mail:",
            visibility="hidden",  # reached from wherever a message is open
        ),
    ],
    position="top",
    expanded=True,
)
door.style()
try:
    _strip()
except CommtraceError as error:
    door.put('<div class="ct-notice ct-warn" role="alert">{why}</div>', why=error)
    st.stop()
page.run()
