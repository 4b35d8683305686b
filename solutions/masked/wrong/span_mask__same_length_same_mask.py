"""Masks are remembered for each number of tokens, and clips of one length share theirs.

hint: span_mask.shared_mask
"""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    made, rows = {}, []
    for length in speech.sum(1).tolist():
        if length not in made:
            row = torch.zeros(speech.shape[1], dtype=torch.bool)
            if length < span:
                row[:length] = True
            order = torch.randperm(max(0, length - span + 1), generator=generator).tolist()
            while order and row.sum() < fraction * length:
                start = order.pop()
                row[start : start + span] = True
            made[length] = row
        rows.append(made[length])
    return torch.stack(rows)
