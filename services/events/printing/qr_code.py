"""QR codes (ISO/IEC 18004), with error correction M: a crumpled or half-shaded one is still read.

Making one takes some 10 ms of Python: routes do it in a thread.
"""

import io

import segno


def png(text: str) -> bytes:
    """Six pixels a module, with the quiet zone the standard asks for."""
    picture = io.BytesIO()
    segno.make(text, error="m").save(picture, kind="png", scale=6)
    return picture.getvalue()


def svg(text: str, *, title: str | None = None) -> str:
    """An SVG of its own that scales to whatever it is shown in; black on white."""
    picture = io.BytesIO()
    segno.make(text, error="m").save(
        picture,
        kind="svg",
        light="#fff",
        title=title,
        omitsize=True,
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        nl=False,
    )
    return picture.getvalue().decode()
