# Settings of the course; every nbgrader command started in this folder reads them.
import os
import warnings

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import ClearHiddenTests, GetGrades

from convlab.grading.configuration import configure

c = get_config()  # noqa: F821 (nbgrader provides it)

c.CourseDirectory.course_id = "convlab"
c.CourseDirectory.root = os.path.dirname(os.path.abspath(__file__))

# Students' code runs in a sandbox, the tests outside of it.
configure(c)
# Seconds for one cell, or for one call of a student's function; and for a whole notebook.
c.GradeInSandbox.seconds_per_cell = 20
c.GradeInSandbox.seconds_per_notebook = 180

# nbgrader's own two, and between them: no hidden tests on the page that students get.
c.GenerateFeedback.preprocessors = [GetGrades, ClearHiddenTests, CSSHTMLHeaderPreprocessor]

# nbgrader 0.9.6 with SQLAlchemy 2 prints these for every submission; they mean nothing to a teacher.
warnings.filterwarnings("ignore", message="Object of type <Submitted")
