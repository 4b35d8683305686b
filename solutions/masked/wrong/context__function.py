"""A function that makes layers.
hint: context.not_a_module
"""


def Context():
    front = nn.Conv1d(40, 64, 2, stride=2)
    mix = nn.Conv1d(64, 64, 17, padding=8)

    def forward(mel):
        x = front(mel)
        return [x.mT, mix(x).mT]

    return forward
