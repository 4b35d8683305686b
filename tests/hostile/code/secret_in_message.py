"""Raises hidden inputs in the message, the type's name, the notes and the cause of an exception.
stopped by: hints from the catalogue
part: info_nce
"""


def info_nce(z_a, z_b, temperature=0.2):
    told = "leaked" + f": {z_a.flatten()[:4].tolist()} {temperature}"
    error = type("Leak" + told, (ValueError,), {"__doc__": told})(told)
    error.add_note(told)
    raise error from KeyError(told)
