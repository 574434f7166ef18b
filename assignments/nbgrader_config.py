# Settings of the course; every nbgrader command started in this folder reads them.
import os
import warnings

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import ClearHiddenTests, GetGrades

c = get_config()  # noqa: F821 (nbgrader provides it)

c.CourseDirectory.course_id = "convlab"
c.CourseDirectory.root = os.path.dirname(os.path.abspath(__file__))

# A student's kernel has nothing to save: do not wait until it has said goodbye (0.8 s each).
c.Execute.shutdown_kernel = "immediate"
# Seconds for one cell. An endless loop costs this much in each check that runs into it.
c.Execute.timeout = 30

# nbgrader's own two, and between them: no hidden tests on the page that students get.
c.GenerateFeedback.preprocessors = [GetGrades, ClearHiddenTests, CSSHTMLHeaderPreprocessor]

# nbgrader 0.9.6 with SQLAlchemy 2 prints these for every submission; they mean nothing to a teacher.
warnings.filterwarnings("ignore", message="Object of type <Submitted")
