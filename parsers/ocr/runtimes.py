"""What runs a model file on this processor: OpenVINO where that is installed and faster, else ONNX Runtime."""

import platform
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

Tensor = npt.NDArray[np.float32]

HALF: Final = frozenset({"avx512_bf16", "amx_bf16"})
"""Instructions on half the bits: OpenVINO is faster with them alone (13 ms a line; in full precision 22 to 25,
and ONNX Runtime 24)."""

KERNELS: Final = 400
"""Kernels that are kept at hand, some dozen for each shape of a batch: made anew for each they cost a quarter of
reading; without a bound memory grows. 1000 were no quicker over 47 pages at 300 dpi, and took 40 MB more."""


TALL: Final = 48         # pixels of a line that the model file names,
LOW: Final = 40          # and as few as its layers take: as sure and a seventh quicker, where a runtime allows it


class Runtime(NamedTuple):
    """A loaded model: its name, what computes its answers, and the height of a line in pixels.

    An answer holds until the next is asked for.
    """

    name: str
    run: Callable[[Tensor], Tensor]
    height: int = TALL


def runtime_of(model: Path) -> Runtime:
    """The faster runtime of this processor, with a model of one input and one output, on one thread."""
    return openvino_of(model) if _suits_openvino() else onnx_of(model)


def onnx_of(model: Path) -> Runtime:
    """The model on ONNX Runtime."""
    import onnxruntime  # noqa: PLC0415  an extra, and slow to load

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False   # keeps what the widest batch took
    session: Any = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return Runtime("onnxruntime", lambda batch: session.run(None, {name: batch})[0])


def openvino_of(model: Path) -> Runtime:
    """The model on OpenVINO, in the precision that the processor has instructions for.

    Half the bits read as well as all of them: of 900 lines the same number right, widths of signs aside.
    """
    import openvino  # type: ignore[import-untyped]  # noqa: PLC0415  an extra, and slow to load

    settings = {"INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1, "CPU_RUNTIME_CACHE_CAPACITY": KERNELS}
    core = openvino.Core()
    graph = core.read_model(str(model))
    graph.reshape([-1, 3, LOW, -1])
    compiled: Any = core.compile_model(graph, "CPU", settings)
    request = compiled.create_infer_request()
    precision = str(compiled.get_property("INFERENCE_PRECISION_HINT").get_type_name())

    def run(batch: Tensor) -> Tensor:
        return request.infer([batch], share_inputs=True, share_outputs=True)[0]

    return Runtime(f"openvino-{precision}", run, LOW)


def _suits_openvino() -> bool:
    if not find_spec("openvino") or platform.machine().lower() not in {"x86_64", "amd64"}:
        return False
    told = Path("/proc/cpuinfo")
    return told.exists() and not HALF.isdisjoint(told.read_text(encoding="ascii", errors="replace").split())


def alphabet_of(model: Path) -> tuple[str, ...]:
    """The characters that the model's classes stand for; the first is the blank, the last a space."""
    import onnxruntime  # noqa: PLC0415  an extra, and slow to load

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session: Any = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    return ("", *session.get_modelmeta().custom_metadata_map["character"].splitlines(), " ")
