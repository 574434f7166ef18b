"""Sphinx's settings for the book. All that a page loads is in the book's folder."""

import re

project = "convlab"
author = ""
html_title = "convlab"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]

nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

autodoc_preserve_defaults = True  # as they are written
autodoc_member_order = "groupwise"
autodoc_typehints = "none"  # they stand in the signature, the docstring says what they mean
napoleon_use_ivar = True
napoleon_use_rtype = False

html_theme = "sphinx_book_theme"
exclude_patterns = ["_static"]
# Without the theme's logo, which stands outside all landmarks; "convlab" leads the contents anyway.
html_sidebars = {"**": ["search-button-field.html", "sbt-sidebar-nav.html"]}
html_favicon = "static/favicon.svg"
html_css_files = ["book.css"]
html_copy_source = True
html_context = {"default_mode": "auto"}  # the theme takes it for granted, and without it complains
html_show_sourcelink = False
html_show_copyright = False
html_show_sphinx = False
pygments_style = "a11y-high-contrast-light"
html_theme_options = {
    "home_page_in_toc": True,
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "navbar_persistent": [],
    "footer_content_items": [],
    "use_fullscreen_button": False,
    "navigation_with_keys": False,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}

# The corner of a table is no heading.
EMPTY_HEADING = re.compile(r'<th class="[^"]*head[^"]*">(?:<p></p>)?</th>')


def on_page(app, pagename, templatename, context, doctree):
    """Give lessons the script that makes them live, and tables corners that are no headings."""
    if pagename.startswith("lessons/"):
        app.add_js_file("live.js", loading_method="defer")
    if "body" in context:
        context["body"] = EMPTY_HEADING.sub("<td></td>", context["body"])


def setup(app):
    """Called by Sphinx."""
    app.connect("html-page-context", on_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
