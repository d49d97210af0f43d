"""The doctor names each fault that was planted, with the exact next step."""

from contextlib import ExitStack

import pytest

from tests.support.doctor_faults import FAULTS
from tests.support.doctoring import KEY, Patient


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_has_its_next_step(patient: Patient, fault: str) -> None:
    """
    What was planted is named, with what to do; no secret is told.
    """
    plant, name, found, fix = FAULTS[fault]
    with ExitStack() as stack:
        plant(patient, stack)
        looked = patient.looked()
    finding = looked.of(name, found)

    assert fix in finding["fix"]
    assert finding["state"] != "ok" or not fix
    assert looked.exit_code == any(each["state"] == "fault" for each in looked.findings)
    assert "hunter2" not in looked.output
    assert KEY not in looked.output
