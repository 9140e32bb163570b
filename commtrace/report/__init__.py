"""Working papers and exports of a case: HTML, PDF, workbook, and plain files.

Reads the case through its one door, decides nothing, and gives the same bytes for the same case.
"""

from commtrace.report._custody import custody
from commtrace.report._export import export
from commtrace.report._pdf import preview
from commtrace.report.write import html, pdf, report, request, request_docx, request_pdf, xlsx

__all__ = [
    "custody",
    "export",
    "html",
    "pdf",
    "preview",
    "report",
    "request",
    "request_docx",
    "request_pdf",
    "xlsx",
]
