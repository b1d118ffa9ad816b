"""The lists of words that the tables use: each word with what it means.

A closed list grows only with the schema version. An open list (`Column.closed` is False)
names the words known today; a reader of the tables must expect others.
"""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

STATUS: Final = {
    "extracted": "At least one form was read.",
    "no_forms": "The document was read and holds no form.",
    "unreadable": "The document could not be read; `reason` says why and what to do.",
    "timeout": "Reading took longer than one document may take.",
    "crashed": "The program failed on the document, which is a fault of the program and not of the data; or reading"
               " took more processes than one document may take.",
}

NOT_READ: Final = ("unreadable", "timeout", "crashed")
"""The statuses of documents that say nothing of their forms."""

FAMILY: Final = {
    "A": "Ministry form: target, actual, weight, score, deviation reason; budget 10 points.",
    "B": "Weight first: the weight stands before the target; budget 10 points.",
    "C": "Sichuan: operator, number and unit of a target stand in three cells.",
    "D": "Hubei: no weight column; budget 20 points.",
    "E": "Transfer payments: no weights and no scores.",
    "F": "Evaluation style: decision, process, output, benefit; budget within process.",
    "G": "Department: the self-evaluation of a whole department.",
}

FUND_SOURCE: Final = {
    "total": "All money of the year (年度资金总额).",
    "current_year": "Fiscal appropriation of this year (当年财政拨款).",
    "carry_over": "Money carried over from last year (上年结转资金).",
    "other": "Other money (其他资金).",
    "fiscal": "Fiscal money (财政资金).",
    "special_account": "Fiscal special account (财政专户管理资金).",
    "unit": "Money of the unit itself (单位资金).",
    "central": "Central government (中央补助).",
    "provincial": "Provincial government (省级资金).",
    "local": "Local government (地方资金).",
    "unknown": "The label names none of the sources above.",
}

CODES: Final[Mapping[str, Mapping[str, Any]]] = tomllib.loads(
    files("pipeline").joinpath("templates", "codes.toml").read_text("utf-8")
)
"""The code list (codes.toml): level → code → its meaning and names."""

LEVEL1_CODE: Final = {code: entry["meaning"] for code, entry in CODES["level1"].items()}
LEVEL2_CODE: Final = {code: entry["meaning"] for code, entry in CODES["level2"].items()}

OPERATOR: Final = {
    ">=": "At least the target.",
    "<=": "At most the target.",
    "=": "Exactly the target.",
    ">": "More than the target.",
    "<": "Less than the target.",
}

OUTCOME: Final = {
    "reached": "The target was reached (达成预期指标).",
    "partly": "Partly reached, with some effect (部分达成预期指标并具有一定效果).",
    "not_reached": "Not reached, with poor effect (未达成预期指标且效果较差).",
}

SEVERITY: Final = {
    "error": "The print contradicts a rule, or a decision could not be applied.",
    "warning": "Look before use: the value may be incomplete or misread.",
    "info": "Good to know; the values stand as printed.",
}

GRADE: Final = {
    "优": "90 points or more.",
    "良": "80 to below 90 points.",
    "中": "60 to below 80 points.",
    "差": "Below 60 points.",
    "合格": "Printed by Shanghai districts in place of 中.",
    "不合格": "Printed by Shanghai districts in place of 差.",
}

RECORD_TABLE: Final = {
    "documents": "A control total found in the text of the document.",
    "projects": "The form itself; `line_no` is null.",
    "funds": "The fund row `line_no`.",
    "indicators": "The indicator `line_no`.",
}

METHOD: Final = {
    "text": "Plain text, separated values.",
    "html": "A web page.",
    "docx": "A word-processor document.",
    "xlsx": "A spreadsheet.",
    "pdf": "The text layer of a PDF page.",
    "ocr:<engine>": "Characters recognised in an image, by the engine named.",
}

REPAIR: Final = {
    "row_shifted": "The row was printed under the wrong heads and was moved back.",
    "filled_down": "A merged value was repeated on the rows that it spans.",
    "joined_page_break": "The value was cut by a page break and joined.",
    "vocabulary": "Of what was seen in a scan, the reading that the form's words or values allow was taken.",
    "arithmetic": "A misread character was settled by the sums of the form.",
    "correction": "A person's recorded decision replaced the value.",
}
