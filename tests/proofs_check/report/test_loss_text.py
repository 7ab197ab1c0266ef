"""The formula by which reports and figures call the mean loss is that of theory/model.py."""

import re

import pytest
import sympy

from early_alignment.proofs_check.report.loss import mean_loss_text
from early_alignment.theory import model


@pytest.mark.parametrize("name", model.LOSSES)
def test_the_mean_loss_is_called_by_its_formula(name):
    factor, term = re.fullmatch(r"loss \(1/(\d*)n\) sum (.+)", mean_loss_text(name)).groups()
    written = term.replace("^", "**").replace("h y", "h*y")
    symbols = {"h": model.prediction, "y": model.label}
    summand = sympy.sympify(written, locals=symbols) / int(factor or 1)
    assert sympy.simplify(summand - model.LOSSES[name].value) == 0
