"""CONTRIBUTING's recipe for a lesson, followed with a dummy: written, executed, and passed by the gates of lessons."""

import nbformat
import pytest

import test_lessons
import test_notebooks
from tools import execute_notebooks

PREDICTION = """
**Predict.** How many outputs?
---
predict("How many outputs?", conv_output_size, {number}, 3)
---
**Explain.** A kernel of three cells fits {number} - 2 times."""
EXERCISE = """
**{number}.** How many outputs have {number} cells? {task}
---
check.computed(..., conv_output_size, {number}, 3)"""
LESSON = f"""# 17 A dummy
---
## What you will do

Predict sizes.

## What you will learn

Sizes.

## What you need

Lesson 02. About 20 minutes.

## A question worth asking

Why is the output smaller?
---
import torch

from convlab import checks as check
from convlab import predict
from convlab.arithmetic import conv_output_size
from convlab.explorers import SizeExplorer

print(torch.nn.Conv1d(1, 1, 3)(torch.zeros(1, 1, 5)).shape)
---
SizeExplorer()
---{"---".join(PREDICTION.format(number=number) for number in (5, 6, 7, 8))}
---
## Exercises
---{"---".join(EXERCISE.format(number=number, task="Find the bug.") for number in (9, 10, 11, 12))}
---
## A real bug

[Issue 8816](https://github.com/pytorch/pytorch/issues/8816).

## Summary

The output is smaller. Padding mends it. Stride divides it.

## Go further

[The start](00_start_here.ipynb).

## References

[A guide to convolution arithmetic](https://arxiv.org/abs/1603.07285)."""


def is_text(source):
    return source.startswith(("#", "**"))


@pytest.mark.slow
def test_a_new_lesson_is_one_notebook(tmp_path):
    new = nbformat.v4
    cells = [source.strip() for source in LESSON.split("---")]
    cells = [new.new_markdown_cell(text) if is_text(text) else new.new_code_cell(text) for text in cells]
    path = tmp_path / "17_a_dummy.ipynb"
    nbformat.write(new.new_notebook(cells=cells), path)
    (tmp_path / "00_start_here.ipynb").touch()
    execute_notebooks.main([str(path)])
    lesson = test_notebooks.read(path)
    assert test_notebooks.complaints_about(lesson) == []
    assert test_notebooks.complaints_about(lesson, test_lessons.RULES) == []
