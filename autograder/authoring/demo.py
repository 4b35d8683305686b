"""A made-up class for ``speechmark demo``: right work, mistakes, a crash, an endless loop."""

from __future__ import annotations

import shutil
from pathlib import Path

from autograder.course.assignment import Assignment, Course
from autograder.course.compose import filled, read_solution, solved
from autograder.support import files

STYLES = {
    "bea_loops": {"time_mask": "loop", "spec_augment": "loop"},
    "chi_einsum": {"info_nce": "einsum_logsumexp", "time_mask": "where"},
    "dov_interleaved": {"info_nce": "interleaved", "time_mask": "numpy_seeded"},
    "eli_float64": {"info_nce": "float64_inside", "time_mask": "python_seeded"},
}
"""Student to the solutions of ``right/`` that replace the reference's."""

MISTAKES = {
    "gus_amplitude": ("add_noise", "amplitude_for_power"),
    "hal_one_mask_for_all": ("time_mask", "shared"),
    "ida_global_denominator": ("info_nce", "global_denominator"),
    "jon_dropout_in_eval": ("encoder", "dropout_in_eval"),
}
"""Student to the mistake of ``wrong/`` that replaces the reference's part."""

ANSWER = """The probe hears digits in voices that training never heard, so the encoder keeps what is
said and drops much of who says it. I would look next at which digits are mistaken for which."""

RAISES = """def fade(wave, max_fraction=0.5, generator=None):
    ramp = torch.linspace(0, 1, int(max_fraction * wave.shape[1]))
    return wave * ramp
"""
LOOPS = """def spec_augment(mel, max_mels=6, max_frames=8, generator=None):
    while mel.shape[0] > 0:
        pass
"""


def make_course(source: Course, folder: Path) -> Course:
    """A course of its own in ``folder``, with a class in ``submitted/``.

    Args:
        source: the course whose assignment is handed in.
        folder: made anew; an earlier demo in it is removed.
    """
    assignment = source.assignment("contrastive")
    if (folder / "demo-course").is_file():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "demo-course").touch()
    for part in ("solutions", "assignments"):
        shutil.copytree(source.root / part, folder / part, dirs_exist_ok=True)
    shutil.copy(source.root / "nbgrader_config.py", folder)
    for student, notebook in class_of(assignment).items():
        files.write(
            folder / "submitted" / student / assignment.name / f"{assignment.name}.ipynb", notebook
        )
    return Course(folder)


def class_of(assignment: Assignment) -> dict[str, bytes]:
    """Student to submitted notebook."""

    def code(kind: str, part: str, name: str) -> str:
        return read_solution(assignment.folder / kind / f"{part}__{name}.py").source

    answer = {"discussion": ANSWER}
    submissions = {"ada_reference": solved(assignment, answer)}
    for student, parts in STYLES.items():
        chosen = {part: code("right", part, name) for part, name in parts.items()}
        submissions[student] = solved(assignment, chosen | answer)
    submissions["fay_untouched"] = filled(assignment, {})
    for student, (part, name) in MISTAKES.items():
        submissions[student] = solved(assignment, {part: code("wrong", part, name)})
    submissions["kim_raises"] = solved(assignment, {"fade": RAISES})
    submissions["lou_loops"] = solved(assignment, {"spec_augment": LOOPS})
    return submissions
