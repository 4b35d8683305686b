from pathlib import Path

from autograder.nbgrader.config import configure

c = get_config()  # noqa: F821
configure(c, Path(__file__).parent)

# Settings of this course go below and win over the above, for example:
# c.CourseDirectory.course_id = "speech-2026"
# c.CourseDirectory.db_url = "postgresql+psycopg://user:password@host/grades"
# c.LateSubmissionPlugin.penalty_method = "zero"
