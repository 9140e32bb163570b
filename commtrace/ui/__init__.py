"""The screen: Streamlit pages over a case, served on loopback only."""
