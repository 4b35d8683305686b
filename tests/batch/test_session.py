"""What a run prints for scripts."""

from __future__ import annotations

import json
import math

from autograder.batch.session import as_json
from autograder.course.results import Environment, SubmissionResult, Training


def test_what_a_worker_says_that_is_no_number_is_printed_as_json_all_the_same() -> None:
    training = Training(
        corpus="fsdd",
        digest="",
        recipe={"steps": 1},
        seed=0,
        measures={"few": 0.5},
        curves={"loss": [math.inf, 1.0]},
        cpu_seconds=math.nan,
    )
    environment = Environment(
        kit="", torch="", python="", device="cpu", threads=1, level=3, suites=""
    )
    result = SubmissionResult(
        name="eve",
        assignment="contrastive",
        key="",
        score=0,
        max_score=1,
        parts=[],
        training=training,
        environment=environment,
    )
    printed = json.dumps(as_json([result], {}), allow_nan=False)
    (found,) = json.loads(printed)["submissions"]
    assert found["training"]["curves"] == {"loss": ["Infinity", 1.0]}
    assert found["training"]["measures"] == {"few": 0.5}
    again = SubmissionResult.model_validate(found).training
    assert again is not None
    assert again.curves == training.curves
    assert math.isnan(again.cpu_seconds)
