"""The explorers' JavaScript against convlab.arithmetic, convlab.views and PyTorch."""

import itertools
import random

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from convlab import arithmetic
from convlab.explorers import ConvExplorer, PaddingExplorer
from convlab.explorers.padding_explorer import TAKES, call_options
from convlab.frameworks.registry import find
from convlab.frameworks.translation import written_call
from explorer_examples import RANDOM, ask, plant, random_call, random_layer, several, taken


def answers_to(questions):
    return [ask(*question) for question in questions]


def valid(function, *arguments, **options):
    try:
        return function(*arguments, **options)
    except ValueError:
        return None


# --- sizes -------------------------------------------------------------------------------------------------------

AXES = list(
    itertools.product((1, 2, 5, 6, 9), (1, 2, 3, 4), (1, 2, 3), ((0, 0), (1, 1), (2, 0), (0, 3)), (0, 1, 2), (1, 2, 3))
)


@pytest.mark.slow
def test_sizes_are_those_of_arithmetic():
    questions, expected = [], []
    for i, k, s, p, op, d in AXES:
        if op == 0:
            questions.append(["axisProblem", False, i, k, s, p, op, d])
            size = valid(arithmetic.conv_output_size, i, k, s, p, d)
            expected.append(size is None)
            if size is not None:
                questions += [["convSize", i, k, s, p, d], ["unreadCells", i, k, s, p, d]]
                expected += [size, arithmetic.unread_cells(i, k, s, p, d)]
        questions.append(["axisProblem", True, i, k, s, p, op, d])
        size = valid(arithmetic.conv_transpose_output_size, i, k, s, p, op, d)
        expected.append(size is None)
        if size is not None:
            direct = arithmetic.equivalent_convolution(k, s, p, op, d)
            questions += [["transposeSize", i, k, s, p, op, d], ["equivalent", k, s, p, op, d]]
            expected += [size, {"zeros": direct[0], "begin": direct[1], "end": direct[2]}]
    answers = [bool(a) if q[0] == "axisProblem" else a for q, a in zip(questions, answers_to(questions))]
    assert len(answers) > 5000
    assert expected.count(True) > 500  # impossible ones
    assert answers == expected


# --- values and code ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def layers():
    """2000 layers that can be."""
    return several(lambda rng: ConvExplorer(**random_layer(rng, decimals=False)), 2000, seed=1)


def by_torch(explorer):
    x, w = torch.tensor(explorer.input, dtype=torch.float64), torch.tensor(explorer.weight, dtype=torch.float64)
    nd = w.ndim - 2
    settings = {"stride": explorer.stride, "dilation": explorer.dilation, "groups": explorer.groups}
    around = [n for pair in reversed(explorer.padding) for n in pair]
    if not explorer.transposed:
        return (F.conv1d, F.conv2d)[nd - 1](F.pad(x, around), w, **settings)
    crop = [
        n
        for (begin, end), op in zip(reversed(explorer.padding), reversed(explorer.output_padding))
        for n in (-begin, op - end)
    ]
    return F.pad((F.conv_transpose1d, F.conv_transpose2d)[nd - 1](x, w, **settings), crop)


@pytest.mark.slow
def test_values_are_those_of_pytorch(layers):
    answers = [ask("((state) => compute(layerOf(state)))", explorer.state()) for explorer in layers]
    for explorer, answer in zip(layers, answers):
        expected = by_torch(explorer).numpy()
        if explorer.weight.ndim == 3:
            expected = expected[:, None]
        assert answer == expected.tolist(), explorer.state()
        assert explorer.output.tolist() == by_torch(explorer).tolist()


@pytest.mark.slow
def test_the_pytorch_line_gives_the_output(layers):
    codes = [ask("fronts.convolution.code", explorer.state()) for explorer in layers]
    for explorer, code in zip(layers, codes):
        names = {"F": F, "x": torch.tensor(explorer.input).double(), "w": torch.tensor(explorer.weight).double()}
        exec(code["PyTorch"], names)
        assert names["y"].tolist() == explorer.output.tolist(), code


@pytest.mark.parametrize("framework", ["Keras", "JAX", "ONNX"])
def test_the_lines_of_other_frameworks_give_the_output(layers, framework):
    module = pytest.importorskip({"Keras": "keras", "JAX": "jax", "ONNX": "onnx"}[framework])
    chosen = layers[:120]
    codes = [code[framework] for code in (ask("fronts.convolution.code", explorer.state()) for explorer in chosen)]
    ran = 0
    for explorer, code in zip(chosen, codes):
        if not code.startswith("#"):
            assert run_line(framework, module, code, explorer).tolist() == explorer.output.tolist(), code
            ran += 1
    assert ran > 30


@pytest.fixture(scope="module")
def calls():
    """Calls of the padding pitfall explorer, none of them refused, each with its line."""
    return calls_and_lines()


def calls_and_lines():
    explorers = several(RANDOM["pitfall"], 600, seed=4)
    codes = [ask("fronts.pitfall.code", explorer.state()) for explorer in explorers]
    assert all(list(code) == [explorer.framework] for explorer, code in zip(explorers, codes))
    return [(explorer, code[explorer.framework]) for explorer, code in zip(explorers, codes)]


def check_spelling(calls):
    compared = dict.fromkeys(TAKES, 0)
    for explorer, line in calls:
        framework, state = explorer.framework, explorer.state()
        if explorer.mode in ("output_size", "output_shape") or explorer.mode.startswith("SAME_"):
            continue  # convlab.frameworks has no words for it
        if (framework, explorer.mode) == ("onnx", "VALID"):
            continue
        options = call_options(state)
        options = {name: options[name] for name in sorted(options, key="padding".__ne__)}
        options = {n: v for n, v in options.items() if v is not None and (v or (framework, v) == ("keras", 0))}
        expected = written_call(find(framework), "conv_transpose", 2, explorer.stride, explorer.dilation, options)
        line = line.replace("onnx.helper", "helper")
        assert line in expected, (line, expected)
        compared[framework] += 1
    assert min(compared.values()) > 10, compared


@pytest.mark.slow
def test_the_lines_of_the_padding_explorer_are_spelled_as_the_library_spells_them(calls):
    check_spelling(calls)


def test_the_torch_lines_of_the_padding_explorer_give_its_output(calls):
    ran = {"padding": 0, "output_size": 0}
    for explorer, line in calls:
        if explorer.framework == "torch":
            names = {"F": F, "torch": torch}
            names |= {"x": torch.tensor(explorer.input[None, None]).float()}
            names |= {"w": torch.tensor(explorer.weight[None, None]).float()}
            exec(line, names)
            assert names["y"][0, 0].tolist() == explorer.output.tolist(), line
            ran[explorer.mode] += 1
    assert min(ran.values()) > 5, ran


@pytest.mark.parametrize(
    ("framework", "name"), [("tensorflow", "tf"), ("keras", "keras"), ("jax", "jax"), ("onnx", "onnx")]
)
def test_the_other_lines_of_the_padding_explorer_give_its_output(calls, framework, name):
    module = pytest.importorskip(framework)
    ran = 0
    for explorer, line in calls:
        if explorer.framework == framework:
            x, w = explorer.input.astype(np.float32), explorer.weight.astype(np.float32)
            if framework == "onnx":
                y = run_node(module, line, x[None, None], w[None, None])[0, 0]
            else:
                names = {name: module, "x": x[None, :, :, None], "w": w[:, :, None, None]}
                exec(line, names)
                y = np.asarray(names["y"])[0, :, :, 0]
            assert y.tolist() == explorer.output.tolist(), line
            ran += 1
    assert ran > 10


def run_line(framework, module, code, explorer):
    x, w = explorer.input[None].astype(np.float32), explorer.weight.astype(np.float32)
    if framework == "ONNX":
        return run_node(module, code, x, w)[0]
    names = {"keras": module, "jax": module, "x": x, "w": w}
    if framework == "Keras":
        names.update(x=np.moveaxis(x, 1, -1), w=np.moveaxis(w, (0, 1), (-1, -2)))
    exec(code, names)
    y = np.asarray(names["y"])[0]
    return np.moveaxis(y, -1, 0) if framework == "Keras" else y


def run_node(onnx, line, x, w):
    """What ONNX Runtime makes of the one node of a line."""
    runtime = pytest.importorskip("onnxruntime")
    node, real = eval(line.removeprefix("node = "), {"onnx": onnx}), onnx.TensorProto.FLOAT
    values = [onnx.helper.make_tensor_value_info(name, real, None) for name in "xwy"]
    model = onnx.helper.make_model(onnx.helper.make_graph([node], "line", values[:2], values[2:]))
    model.ir_version = 10
    model.opset_import[0].version = 22
    return runtime.InferenceSession(model.SerializeToString()).run(None, {"x": x, "w": w})[0]


# --- what is refused -----------------------------------------------------------------------------------------------


def test_both_sides_refuse_the_same_layers():
    rng = random.Random(3)
    base = [
        ConvExplorer(**settings)
        for settings in ({}, {"transposed": True, "stride": 2}, {"input_size": 7, "kernel_size": 3})
    ]
    questions, refused = [], []
    for _ in range(1500):
        explorer = rng.choice(base)
        axes = range(len(explorer.stride))
        change = {
            rng.choice(("stride", "dilation", "output_padding")): [
                rng.choice((-1, 0, 1, 2, 3, 4, 5, 99, 1.5)) for _ in axes
            ],
            "padding": [[rng.choice((-1, 0, 1, 2, 7, 9)) for _ in range(2)] for _ in axes],
            "groups": rng.choice((1, 1, 1, 1, 2, 0)),
        }
        questions.append(["fronts.convolution.problem", explorer.state() | change])
        refused.append(not taken(explorer, questions[-1][1]))
    assert 100 < refused.count(True) < 1450
    assert [bool(answer) for answer in answers_to(questions)] == refused


def test_windows_are_those_of_the_frameworks():
    """3000 calls, of which about half are refused."""
    rng, explorer, names = random.Random(5), PaddingExplorer(), ("crop_begin", "crop_end", "flip", "output_size")
    questions, expected = [], []
    for _ in range(3000):
        state = random_call(rng, explorer.state())
        questions.append(["frameworkWindow", state, len(state["input"]), len(state["weight"])])
        if taken(explorer, state):
            view = explorer.windows(
                {name: np.array(v) if name in ("input", "weight") else v for name, v in state.items()}
            )[0]
            expected.append([getattr(view, name) for name in names])
        else:
            expected.append(None)
    answers = [None if a["problem"] else [a["begin"], a["end"], a["flip"], a["size"]] for a in answers_to(questions)]
    # A square call is refused on both axes or on none; other refusals are not the framework's but the drawing's.
    assert 1000 < expected.count(None) < 2000
    assert answers == expected


# --- planted faults ----------------------------------------------------------------------------------------------

FAULTS = [
    ("d * (k - 1) + 1", "d * (k - 1)", test_sizes_are_those_of_arithmetic),
    ("Math.floor((i + begin + end", "Math.ceil((i + begin + end", test_sizes_are_those_of_arithmetic),
    ("op >= s) return refuse", "op > s) return refuse", test_windows_are_those_of_the_frameworks),
    (
        "total >> 1 : total - (total >> 1)",
        "total - (total >> 1) : total >> 1",
        test_windows_are_those_of_the_frameworks,
    ),
    (
        "const flip = !state.transpose_kernel",
        "const flip = state.transpose_kernel",
        test_windows_are_those_of_the_frameworks,
    ),
]


@pytest.mark.parametrize(("right", "wrong", "test"), FAULTS, ids=lambda value: getattr(value, "__name__", None))
def test_planted_fault_in_a_size(right, wrong, test, monkeypatch):
    plant(monkeypatch, right, wrong)
    with pytest.raises(AssertionError):
        test()


VALUE_FAULTS = [
    ("s[0] * y + d[0] * ty", "s[0] * y + ty"),
    ("layer.x[channel][row]?.[column] ?? 0", "layer.x[0][row]?.[column] ?? 0"),
    ("plane[y + p[0][0]]", "plane[y + p[0][1]]"),
]


@pytest.mark.parametrize(("right", "wrong"), VALUE_FAULTS)
def test_planted_fault_in_a_value(right, wrong, layers, monkeypatch):
    plant(monkeypatch, right, wrong)
    with pytest.raises(AssertionError):
        test_values_are_those_of_pytorch(layers)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("list([begin, begin, end, end])", "list([begin, end, begin, end])"),
        ('["output_padding", output_padding]', '["output_padding", given(output_padding)]'),
    ],
)
def test_planted_fault_in_a_line(right, wrong, monkeypatch):
    plant(monkeypatch, right, wrong)
    with pytest.raises(AssertionError):
        check_spelling(calls_and_lines())
