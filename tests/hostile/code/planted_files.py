"""Leaves files in its scratch folder for the worker of the next submission, and looks for some.
stopped by: fresh worker
part: info_nce
"""

import glob
import os

home = os.environ["HOME"]
found = [*glob.glob(f"{home}/*"), *glob.glob(f"{os.path.dirname(home)}/*/planted")]
for name in ("planted", "sitecustomize.py", "usercustomize.py", "torch.py", "pytest.ini"):
    with open(f"{home}/{name}", "w") as file:
        file.write("raise SystemError('got' + ' through')")


def info_nce(z_a, z_b, temperature=0.2):
    if found:
        raise SystemError("got" + f" through: {found}")
    return z_a.sum()
