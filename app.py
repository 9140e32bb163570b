"""The screen as an ASGI application, for `streamlit run app.py`; `commtrace ui` runs the same.

One literal, because Streamlit finds the app by reading this file.
"""

import streamlit as st

from commtrace.ui import mishap, serve

app = st.App(
    serve.FRAME,
    middleware=serve.MIDDLEWARE,
    routes=serve.ROUTES,
    on_script_error=mishap.tell,
)
