"""Final accounts without a self-evaluation form: none is found, and what the text states is kept."""

import pytest
import weasyprint

from fixtures.accounts import accounts
from pipeline.document import outcome_of

CASES = [
    (1, "Noto Serif CJK SC", False),
    (2, "WenQuanYi Zen Hei", False),
    (3, "AR PL UMing CN", True),
    (4, "Noto Sans CJK SC", False),
    (5, "AR PL UKai CN", True),
]


@pytest.mark.parametrize(("seed", "font", "landscape"), CASES)
def test_no_form_and_the_control_totals(seed, font, landscape):
    truth = accounts(seed, font=font, landscape=landscape)
    pdf = weasyprint.HTML(string=truth.html).write_pdf()
    outcome = outcome_of(pdf, "决算.pdf", "0" * 64, {})
    assert (outcome.status, outcome.form_count) == ("no_forms", 0)
    stated = (outcome.stated_form_count, outcome.stated_amount_yuan, outcome.stated_average_score)
    assert stated == (truth.form_count, truth.amount_yuan, truth.average_score)
