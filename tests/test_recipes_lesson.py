"""CONTRIBUTING's recipe for a lesson, followed with a dummy: written, executed, and passed by the gates of lessons."""

import nbformat
import pytest

import test_lessons
import test_notebooks
from tools import execute_notebooks

PYTORCH = """
import torch

print(torch.nn.Conv1d(1, 1, 3)(torch.zeros(1, 1, 5)).shape)"""
PREDICTION = """
**Predict.** How many outputs?
---
predict("How many outputs?", conv_output_size, {number}, 3)
---
print(conv_output_size({number}, 3))
---
**Explain.** A kernel of three cells fits {number} - 2 times.

> **Size.** `i - k + 1` outputs. PyTorch: `F.conv1d(x, w)`."""
EXERCISE = """
**{number}.** How many outputs have 2{number} cells? Find the bug.
---
answer = ...

check.computed(answer, conv_output_size, 2{number}, 3)"""
LESSON = f"""# 17 A dummy

The flower in this photograph has an outline, and you want to see nothing else of it. A small kernel finds it, and what
comes out has fewer cells than the photograph. How many fewer are they, and where have they gone?
---
import numpy as np

from convlab import checks as check
from convlab import plots, predict
from convlab.arithmetic import conv_output_size
from convlab.explorers import SizeExplorer
from convlab.reference import conv2d
from convlab.studies.coarse_map import flower

photo = flower()[0]
plots.show(plots.draw_images([("the photograph", photo)]), alt="A flower.")
---
## What you need

Lesson 02. About 20 minutes.

## The idea

A kernel has no place over the rim.
---
plots.show(plots.draw_grid(np.arange(9).reshape(3, 3)), alt="The numbers 0 to 8.")
---
plots.show(plots.draw_grid(np.ones((3, 3))), alt="Nine ones.")
---{"---".join(PREDICTION.format(number=number) for number in (5, 6, 7))}
---
{PYTORCH}
---
SizeExplorer()
---
plots.show(plots.draw_grid(np.eye(3)), alt="Ones on the diagonal.")
---
## Back to the flower

Its rim is gone.
---
smaller = conv2d(photo[None, None], np.ones((1, 1, 3, 3)))[0, 0]
plots.show(plots.draw_images([("smaller", smaller)]), alt="The flower, softer.")
---
## Exercises
---{
    "---".join(
        f'''
**{n}.** How many outputs have {n} cells? Find the bug.
---
answer = ...

check.computed(answer, conv_output_size, {n + 8}, 3)'''
        for n in (1, 2, 3)
    )
}
---
**4.** Write it.
---
def size(input_size, kernel_size):
    return ...


check.function(size, "conv_output_size", 9, 3)
---
## Summary

The output is smaller. Padding mends it. Stride divides it.

## Where people go wrong

**"The output has as many cells."** It has fewer.

## References

[A guide to convolution arithmetic](https://arxiv.org/abs/1603.07285)."""


def is_text(source):
    return source.startswith(("#", "**"))


@pytest.mark.slow
def test_a_new_lesson_is_one_notebook(tmp_path):
    new = nbformat.v4
    cells = [source.strip() for source in LESSON.split("---")]
    cells = [new.new_markdown_cell(text) if is_text(text) else new.new_code_cell(text) for text in cells]
    next(cell for cell in cells if "import torch" in cell.source).metadata["tags"] = ["pytorch"]
    path = tmp_path / "17_a_dummy.ipynb"
    nbformat.write(new.new_notebook(cells=cells), path)
    (tmp_path / "00_start_here.ipynb").touch()
    execute_notebooks.main([str(path)])
    lesson = test_notebooks.read(path)
    assert test_notebooks.complaints_about(lesson) == []
    assert test_notebooks.complaints_about(lesson, test_lessons.RULES) == []
