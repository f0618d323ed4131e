"""Every built-in rule does what its documentation shows."""

import pytest

from maillint.testing import Case, cases


@pytest.mark.parametrize("case", cases(), ids=str)
def test_documentation(case: Case) -> None:
    case.check()
