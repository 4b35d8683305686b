"""The page has a section for each assignment."""

from autograder.authoring.new import new
from tests.benchmarks.mutation.mutants import Mutant
from tests.benchmarks.mutation.page import section, with_section
from tests.benchmarks.mutation.trials import Trial
from tests.benchmarks.trial import PASSED, Ending
from tests.toys import empty_course

WRONG = Ending("test_value", "wrong")


def test_writing_a_section_leaves_the_others_as_they_are():
    page = with_section("# Old head\n", "b", "## `b`\n\nfirst\n\n### `part`\n\nwhy\n")
    page = with_section(page, "a", "## `a`\n\nof a\n")
    page = with_section(page, "b", "## `b`\n\nsecond\n")
    assert page.index("## `a`\n\nof a\n") < page.index("## `b`\n\nsecond\n")
    assert "first" not in page
    assert "Old head" not in page
    assert with_section(page, "b", "## `b`\n\nsecond\n") == page


def test_a_section_counts_mutants_and_gives_the_reason_of_survivors(tmp_path):
    assignment = new(empty_course(tmp_path), "loudness")
    part = assignment.automatic[0].id
    changes = [Mutant("constant", "f", "old", f"new {n}", "") for n in range(4)]
    trials = [Trial(part, m, PASSED if n < 2 else WRONG) for n, m in enumerate(changes)]
    known = [{"part": part, "after": "new 0", "why": "Zero is allowed."}]
    text = section(assignment, trials, known)
    assert f"| `{part}` | 4 | 2 | 2 (50.0%) |" in text
    assert "Zero is allowed.\n\n```diff\n-old\n+new 0\n```" in text
    assert "Not explained:\n\n```diff\n-old\n+new 1\n```" in text
    assert "constant 2 of 4." in text


def test_a_section_names_the_parts_that_were_not_tried(tmp_path):
    assignment = new(empty_course(tmp_path), "loudness")
    missing = f"not tried: `{assignment.automatic[0].id}`."
    assert missing in section(assignment, [], [])
