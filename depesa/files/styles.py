"""The styles of a sheet set at each element of a letter's HTML. Runs in the process apart."""

import css_inline

_INLINER = css_inline.CSSInliner(inline_style_tags=False, load_remote_stylesheets=False)


def inline(html: bytes, sheet: str) -> tuple[None, list[bytes]]:
    """The piece of HTML with the styles of the sheet at its elements, both in UTF-8."""
    return None, [_INLINER.inline_fragment(html.decode(), sheet).encode()]
