# Settings of the course; every nbgrader command started in this folder reads them.
import os
import warnings

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import ClearHiddenTests, GetGrades

from convlab.grading.configuration import configure
from convlab.grading.deadlines import LatePenalty, due_dates

c = get_config()  # noqa: F821 (nbgrader provides it)

c.CourseDirectory.course_id = "convlab"
c.CourseDirectory.root = os.path.dirname(os.path.abspath(__file__))

# Where assignments are handed out and in; everybody must be able to write there. On a machine that students share, take
# a folder outside of this one, and give them the same two lines (README.md).
c.Exchange.root = os.path.join(c.CourseDirectory.root, "exchange")
if not os.path.isdir(c.Exchange.root):
    os.makedirs(c.Exchange.root)
    os.chmod(c.Exchange.root, 0o777)

# Students' code runs in a sandbox, the tests outside of it.
configure(c)
# Seconds for one cell, or for one call of a student's function; and for a whole notebook.
c.GradeInSandbox.seconds_per_cell = 20
c.GradeInSandbox.seconds_per_notebook = 180

# Until when, with the time zone: "2027-03-05 23:59 Europe/Berlin". None: no date, or the one entered in Formgrader.
due_dates(
    c,
    {
        "convolution": None,
        "transposed_convolution": None,
        "three_views": None,
        "framework_translator": None,
        "upsampling": None,
        "dilation_project": None,
    },
)
# What a late submission loses: "none", "points" (for each day that has begun), or "zero" (everything).
c.AssignLatePenalties.plugin_class = LatePenalty
c.LatePenalty.penalty_method = "points"
c.LatePenalty.points_per_day = 10
c.LatePenalty.grace_minutes = 15

# nbgrader's own two, and between them: no hidden tests on the page that students get.
c.GenerateFeedback.preprocessors = [GetGrades, ClearHiddenTests, CSSHTMLHeaderPreprocessor]

# Formgrader cannot list settings that are Python objects.
c.FormgradeExtension.debug = False

# nbgrader 0.9.6 with SQLAlchemy 2 prints these for every submission; they mean nothing to a teacher.
warnings.filterwarnings("ignore", message="Object of type <Submitted")
