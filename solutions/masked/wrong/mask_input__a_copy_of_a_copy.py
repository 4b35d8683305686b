"""Indexing by a mask copies; what is assigned to the copy is lost.
hint: mask_input.unmasked
calibrate: yes
"""


def mask_input(mel, mask, vector):
    out = mel.clone()
    hidden = mask.repeat_interleave(2, dim=1)
    out.transpose(1, 2)[hidden][:] = vector
    return out
