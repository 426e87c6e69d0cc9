"""The look of the sinks' pages."""

from starlette.responses import HTMLResponse

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#222}
h1{font-size:1.3rem} table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #ddd;vertical-align:top}
th{color:#777;font-weight:500} a{color:#0a5;text-decoration:none}
"""


def page(title: str, *columns: str, rows: str, empty: str) -> HTMLResponse:
    """A page with one table, which looks for news by itself."""
    heads = "".join(f"<th>{column}</th>" for column in columns)
    table = f"<table><tr>{heads}</tr>{rows}</table>" if rows else f"<p>{empty}</p>"
    return HTMLResponse(
        f"<!doctype html><meta charset=utf-8><meta http-equiv=refresh content=5>"
        f"<title>{title}</title><style>{_STYLE}</style><h1>{title}</h1>{table}"
    )
