"""Writes markup on the line that raises, in names and in messages, to run in a reader's browser.
stopped by: escaping
part: info_nce
"""


def info_nce(z_a, z_b, temperature=0.2):
    raise ValueError("</code><script>evil(1)</script><img src=x onerror=evil(1)>")
