from .api.calls import compare, run, sensitivity, sweep
from .api.figures import Share
from .api.result_objects import Comparison, Ensemble, Sensitivity, Sweep
from .api.results_folder import results
from .api.scenarios import Scenario, list_scenarios, load_scenario
from .negotiation.model import Negotiation
from .output.chart_errors import ChartError
from .scenario.errors import ParleyError, ScenarioError
from .scenario.model.quantities import Range
from .study.execution.executors import ClusterError, WorkersLostError
from .study.execution.worker_processes import MainGuardError
from .study.results.export import ExportError
from .study.results.stored_study import NoResultError
from .study.storage.atomic_files import StorageError

__all__ = [
    "ChartError",
    "ClusterError",
    "Comparison",
    "Ensemble",
    "ExportError",
    "MainGuardError",
    "Negotiation",
    "NoResultError",
    "ParleyError",
    "Range",
    "Scenario",
    "ScenarioError",
    "Sensitivity",
    "Share",
    "StorageError",
    "Sweep",
    "WorkersLostError",
    "compare",
    "list_scenarios",
    "load_scenario",
    "results",
    "run",
    "sensitivity",
    "sweep",
]
__version__: str
