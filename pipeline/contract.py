"""The tables: every column once, as data.

Arrow schemas, documentation, SQL and dbt sources are made from `TABLES`, and a table is
checked against it before it is published. Columns may be added; none is renamed, retyped
or dropped without a new major `SCHEMA_VERSION`.
"""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline import vocabulary
from pipeline.columns import (
    BOOL,
    FACTOR,
    INT,
    MONEY,
    NOT_NULL,
    NULL,
    POINTS,
    QUANTITY,
    REAL,
    SCHEMA_VERSION,
    TEXT,
    TEXTS,
    Column,
    Table,
)

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["SCHEMA_VERSION", "TABLES", "YEAR", "Column", "Table", "validate"]

YEAR = Column("year", INT, NOT_NULL,
              "Year of the run; the name of the folder, not stored inside the files")
"""The partition: readers that understand ``year=2023`` folders show it as a column."""

_FORM_ID = Column("form_id", TEXT, NOT_NULL,
                  "The form: first 16 characters of document_id, `-`, form_index in three digits")
_LINE_NO = Column("line_no", INT, NOT_NULL, "0-based, in print order within the form")

_DOCUMENTS = Table("documents", "One row per input file.", (
    Column("document_id", TEXT, NULL, "SHA-256 of the bytes in hex; null only where the bytes"
           " could not be read (broken link, no permission)"),
    Column("source_path", TEXT, NOT_NULL, "Path relative to the input folder, with `/`"),
    Column("media_type", TEXT, NULL, "Kind of file, decided by its content"),
    Column("status", TEXT, NOT_NULL, "What became of the file", values=vocabulary.STATUS),
    Column("reason", TEXT, NULL, "Why it could not be read and what to do: a stable key, `: `,"
           " then words"),
    Column("page_count", INT, NULL, "Pages; 1 for formats without pages"),
    Column("form_count", INT, NOT_NULL, "Forms found in it; 0 where it could not be read"),
    Column("stated_form_count", INT, NULL, "Control total: how many projects the text says were"
           " evaluated"),
    Column("stated_amount_yuan", MONEY, NULL, "Control total: the amount that the text says was"
           " evaluated", "yuan"),
    Column("stated_average_score", POINTS, NULL, "Control total: the average score that the text"
           " states", "points"),
    Column("extractor_version", TEXT, NOT_NULL, "Version of the program that read the file"),
), key=("source_path",), sort=("source_path",))

_PROJECTS = Table("projects", "One row per form: the self-evaluation of one project.", (
    _FORM_ID,
    Column("document_id", TEXT, NOT_NULL, "The document that holds the form"),
    Column("form_index", INT, NOT_NULL, "0-based place of the form in the document"),
    Column("page_first", INT, NOT_NULL, "1-based page where the form begins"),
    Column("page_last", INT, NOT_NULL, "1-based page where the form ends"),
    Column("title", TEXT, NULL, "Title as printed"),
    Column("family", TEXT, NULL, "Kind of form, told by its header words",
           values=vocabulary.FAMILY),
    Column("form_year", INT, NULL, "Year as printed; null where none is"),
    Column("project_code", TEXT, NULL, "Code printed with the name (项目编码)"),
    Column("project_name", TEXT, NULL, "Name of the project (项目名称)"),
    Column("supervising_department", TEXT, NULL, "Department above the unit (主管部门)"),
    Column("implementing_unit", TEXT, NULL, "Unit that ran the project (实施单位)"),
    Column("goal_expected", TEXT, NULL, "Goal set for the year (预期目标)"),
    Column("goal_actual", TEXT, NULL, "What became of the goal (实际完成情况)"),
    Column("weight_total", POINTS, NULL, "Weight on the total row", "points"),
    Column("score_total", POINTS, NULL, "Score on the total row (总分)", "points"),
    Column("grade", TEXT, NULL, "Grade as printed (评分等级)", values=vocabulary.GRADE,
           closed=False),
    Column("confidence", REAL, NOT_NULL, "0 to 1: the least of the form's values"),
    Column("review", BOOL, NOT_NULL, "True where a person should look; findings say why"),
    Column("indicator_head", TEXT, NULL, "Words over the indicator columns as printed, a bar between"
           " them; null where none are"),
    Column("fund_head", TEXT, NULL, "Words over the fund columns, in the same way"),
), key=("form_id",), sort=("form_id",))

_FUNDS = Table("funds", "One row per printed row of the fund table (项目资金).", (
    _FORM_ID,
    _LINE_NO,
    Column("label", TEXT, NULL, "Name of the row as printed; null where none is"),
    Column("source", TEXT, NOT_NULL, "Where the money comes from", values=vocabulary.FUND_SOURCE),
    Column("initial_budget_yuan", MONEY, NULL, "Budget at the start of the year (年初预算数)",
           "yuan"),
    Column("annual_budget_yuan", MONEY, NULL, "Budget after adjustment (全年预算数)", "yuan"),
    Column("executed_yuan", MONEY, NULL, "Money spent (全年执行数)", "yuan"),
    Column("execution_rate_pct", POINTS, NULL, "Execution rate as printed (执行率)", "percent"),
    Column("weight", POINTS, NULL, "Points that the rate can earn (分值)", "points"),
    Column("score", POINTS, NULL, "Points given for the rate (得分)", "points"),
), key=("form_id", "line_no"), sort=("form_id", "line_no"))

_INDICATORS = Table("indicators", "One row per indicator.", (
    _FORM_ID,
    _LINE_NO,
    Column("level1", TEXT, NULL, "Level-1 name (一级指标) as printed, without white space; a"
           " merged name is repeated on each row that it spans"),
    Column("level2", TEXT, NULL, "Level-2 name (二级指标), in the same way"),
    Column("level3", TEXT, NULL, "Name of the indicator (三级指标), in the same way"),
    Column("level1_code", TEXT, NULL, "Code of level1, one list for all places and years; null"
           " for a name that is not in it", values=vocabulary.LEVEL1_CODE, closed=False),
    Column("level2_code", TEXT, NULL, "Code of level2, in the same way",
           values=vocabulary.LEVEL2_CODE, closed=False),
    Column("target_text", TEXT, NULL, "Target as printed (年度指标值)"),
    Column("target_operator", TEXT, NULL, "How the actual is held against the target; null where"
           " none is printed", values=vocabulary.OPERATOR),
    Column("target_value", QUANTITY, NULL, "Number of the target, in target_unit, not rescaled"),
    Column("target_high", QUANTITY, NULL, "Upper end where the target is a range; target_value is"
           " then its lower end"),
    Column("target_unit", TEXT, NULL, "Unit as printed, folded to its usual symbol; see units"),
    Column("actual_text", TEXT, NULL, "Result as printed (实际完成值)"),
    Column("actual_value", QUANTITY, NULL, "Number of the result, in actual_unit, not rescaled"),
    Column("actual_unit", TEXT, NULL, "Unit of the result, in the same way"),
    Column("outcome", TEXT, NULL, "Result of a qualitative target; null where none is printed",
           values=vocabulary.OUTCOME),
    Column("weight", POINTS, NULL, "Points that the indicator can earn (分值)", "points"),
    Column("score", POINTS, NULL, "Points given (得分)", "points"),
    Column("deviation_reason", TEXT, NULL, "Why the target was missed and what will be done"
           " (偏差原因分析及改进措施)"),
), key=("form_id", "line_no"), sort=("form_id", "line_no"))

_UNITS = Table("units", "One row per unit of measurement; the same for every year.", (
    Column("unit", TEXT, NOT_NULL, "Usual symbol, as in target_unit and actual_unit"),
    Column("dimension", TEXT, NOT_NULL, "What it measures; only units of one dimension compare"),
    Column("base_unit", TEXT, NOT_NULL, "Unit that the factor leads to"),
    Column("factor", FACTOR, NOT_NULL, "Value in base_unit = value × factor"),
    Column("aliases", TEXTS, NOT_NULL, "Other ways to print it; may be empty"),
), key=("unit",), sort=("unit",), partitioned=False)

_FINDINGS = Table("findings", "One row per thing that a reader should know.", (
    Column("document_id", TEXT, NULL, "The document; null where the finding concerns the run"),
    _FORM_ID._replace(nullable=NULL, meaning="The form; null where the finding concerns the"
                      " document"),
    Column("table", TEXT, NULL, "Table of the record; null where no single record is meant",
           values=vocabulary.RECORD_TABLE),
    Column("line_no", INT, NULL, "line_no of the record, where its table has one"),
    Column("field", TEXT, NULL, "Column of the record; null where the whole record is meant"),
    Column("rule", TEXT, NOT_NULL, "Stable key of the rule; see the rules of findings"),
    Column("severity", TEXT, NOT_NULL, "How grave it is", values=vocabulary.SEVERITY),
    Column("printed", TEXT, NULL, "What is printed"),
    Column("expected", TEXT, NULL, "What the rule expects"),
    Column("message", TEXT, NOT_NULL, "The finding in words"),
), key=(), sort=("document_id", "form_id", "table", "line_no", "field", "rule"))

_CELLS = Table("cells", "One row per printed cell that a value was read from.", (
    Column("document_id", TEXT, NOT_NULL, "The document"),
    _FORM_ID._replace(nullable=NULL, meaning="The form; null for a value of documents"),
    Column("table", TEXT, NOT_NULL, "Table of the value", values=vocabulary.RECORD_TABLE),
    Column("line_no", INT, NULL, "line_no of the record, where its table has one"),
    Column("field", TEXT, NOT_NULL, "Column of the value"),
    Column("page", INT, NOT_NULL, "1-based; 1 for formats without pages"),
    Column("x0", REAL, NULL, "Left edge; null where the format has no layout", "pt"),
    Column("top", REAL, NULL, "Upper edge, measured down from the top of the page", "pt"),
    Column("x1", REAL, NULL, "Right edge", "pt"),
    Column("bottom", REAL, NULL, "Lower edge", "pt"),
    Column("text", TEXT, NOT_NULL, "Text that was read there, exactly as printed"),
    Column("method", TEXT, NOT_NULL, "How the cell was read", values=vocabulary.METHOD,
           closed=False),
    Column("confidence", REAL, NOT_NULL, "0 to 1: how sure the reader is of the characters"),
    Column("repair", TEXT, NULL, "How the value was put right; null where it stood as it should",
           values=vocabulary.REPAIR, closed=False),
    Column("place", TEXT, NOT_NULL, "Where to look in the file, in words: `line 12`, `Sheet1!C4`"),
), key=(), sort=("document_id", "form_id", "table", "line_no", "field"))

TABLES: dict[str, Table] = {
    table.name: table
    for table in (_DOCUMENTS, _PROJECTS, _FUNDS, _INDICATORS, _UNITS, _FINDINGS, _CELLS)
}
"""Every table by its name, in the order of the documentation."""


def validate(table_name: str, table: "pa.Table") -> list[str]:
    """Every way in which a table would break the contract, as sentences; empty where none.

    Args:
        table_name: A name of `TABLES`.
        table: The rows of one file or partition, without the ``year`` column.

    Raises:
        KeyError: No such table.
    """
    contract = TABLES[table_name]
    breaches = [*_shape(contract, table)]
    sound = [
        column for column in contract.columns
        if table.column_names.count(column.name) == 1
        and table.schema.field(column.name).type == contract.schema.field(column.name).type
    ]
    for column in sound:
        breaches += _values(contract, column, table.column(column.name))
    if contract.key and {column.name for column in sound}.issuperset(contract.key):
        breaches += _duplicates(contract, table)
    return breaches


def _shape(contract: Table, table: "pa.Table") -> Iterator[str]:
    """Columns that are missing, extra, doubled, of a wrong type or out of order."""
    wanted, found = contract.schema.names, table.column_names
    counts = Counter(found)
    for field in contract.schema:
        if field.name not in counts:
            yield f"{contract.name}.{field.name}: the column is missing."
        elif counts[field.name] == 1 and table.schema.field(field.name).type != field.type:
            yield (f"{contract.name}.{field.name}: the type is"
                   f" {table.schema.field(field.name).type}, not {field.type}.")
    for name, count in counts.items():
        if name not in wanted:
            yield f"{contract.name}.{name}: the contract has no such column."
        elif count > 1:
            yield f"{contract.name}.{name}: the column stands {count} times."
    if sorted(found) == sorted(wanted) and found != wanted:
        yield f"{contract.name}: the columns stand in another order than {', '.join(wanted)}."


def _values(contract: Table, column: Column, data: "pa.ChunkedArray") -> Iterator[str]:
    """Nulls where none may stand, and words outside a closed list."""
    if data.null_count and not column.nullable:
        yield f"{contract.name}.{column.name}: {data.null_count} rows are null."
    if column.values and column.closed:
        strange = {word for word in data.unique().to_pylist() if word is not None}
        strange.difference_update(column.values)
        if strange:
            yield (f"{contract.name}.{column.name}: {', '.join(map(repr, sorted(strange)))}"
                   f" not in {', '.join(column.values)}.")


def _duplicates(contract: Table, table: "pa.Table") -> Iterator[str]:
    """Rows that share a key, with one example."""
    groups = table.group_by(list(contract.key)).aggregate([([], "count_all")])
    surplus = table.num_rows - groups.num_rows
    if surplus:
        order = [("count_all", "descending"), *((name, "ascending") for name in contract.key)]
        example = groups.sort_by(order).slice(0, 1).to_pylist()[0]
        shown = ", ".join(f"{name} {example[name]!r}" for name in contract.key)
        yield (f"{contract.name}: {surplus} rows repeat the key of another row,"
               f" such as {shown} ({example['count_all']} rows).")
