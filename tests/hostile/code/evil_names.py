"""Names its types and exceptions with markup, terminal escapes and megabytes.
stopped by: the wire, escaping
part: info_nce
"""

calls = []


def info_nce(z_a, z_b, temperature=0.2):
    calls.append(1)
    name = "<img src=x onerror=evil(1)>\x1b]0;evil\x07" + "A" * 1_000_000
    if len(calls) % 2:
        raise type(name, (ValueError,), {})("<script>evil(1)</script>")
    return type(name, (), {})()
