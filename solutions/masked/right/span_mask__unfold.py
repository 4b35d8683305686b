"""Starts become a row of ones, and a window that slides back over it hides the spans."""


def span_mask(speech, fraction=0.5, span=5, generator=None):
    rows = []
    for clip in speech:
        n = int(clip.sum())
        begins = torch.zeros(len(clip))
        if n >= span:
            for start in torch.randperm(n - span + 1, generator=generator):
                begins[start] = 1
                hidden = F.pad(begins, (span - 1, 0)).unfold(0, span, 1).amax(1) > 0
                if int(hidden.sum()) >= fraction * n:
                    break
            rows.append(hidden)
        else:
            rows.append(clip.clone())
    return torch.stack(rows)
