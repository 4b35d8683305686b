"""Names and messages that are markup of the terminal library, or move the terminal's cursor.
stopped by: escaping
part: info_nce
"""

raise_with = "\\[/x] [link=//evil]here[/link] \x1b[2J\x1b]0;title\x07 [bold red]"


def info_nce(z_a, z_b, temperature=0.2):
    raise type("[/x]\\", (ValueError,), {})(raise_with)
