"""The rules that findings name: a stable key, how grave a breach is, what it means.

The list is open: a later version may add rules, but never renames one.
"""

from typing import NamedTuple


class Rule(NamedTuple):
    """A kind of finding.

    ``severity`` is a word of `pipeline.vocabulary.SEVERITY`; where one rule is raised with
    two severities it is the graver one, and ``meaning`` says when the other applies.
    """

    key: str
    severity: str
    meaning: str


_RULES = (
    # arithmetic of the form
    Rule("R1_fund_sum", "error",
         "In a money column, the total fund row is not the sum of its parts."),
    Rule("R2_execution_rate", "error",
         "The execution rate is not executed ÷ annual budget × 100 (0 where the budget is 0)."),
    Rule("R3_budget_score", "error",
         "The budget score is not its weight × the execution rate, or is above the weight."),
    Rule("R4_weight_sum", "error",
         "The indicator weights and the budget weight do not sum to 100."),
    Rule("R5_total_score", "error",
         "The total score is not the budget score + the indicator scores."),
    Rule("R7_indicator_score", "warning",
         "The score does not follow from target and actual: full weight where the target is met,"
         " else in proportion, in the direction of the operator."),
    Rule("R8_target_too_low", "warning",
         "The actual is far beyond the target and no reason is given: the target was set low."),
    Rule("R9_outcome_band", "warning",
         "The score lies outside the band of its qualitative outcome: reached 100–80 %,"
         " partly 80–60 %, not reached 60–0 % of the weight (Hubei 100–80, 80–50, 50–0)."),
    Rule("R10_grade", "error",
         "The grade is not that of the total score: 优 from 90, 良 from 80, 中 from 60, else 差."),
    Rule("R11_reason_missing", "warning",
         "Points were lost, or the execution rate is below 90 %, and no reason is given."),
    Rule("R13_control_total", "warning",
         "What the text states of the self-evaluations (how many projects, their money, their average score)"
         " does not agree with the forms and lists found in the document; info where it agrees, or where the"
         " document may hold only some of the forms that were counted."),
    Rule("rounding_convention", "info",
         "Names how the form rounds: half-up, truncated or to integers. Numbers that one of"
         " these explains are no errors."),
    # rows that are not where the head says
    Rule("layout_shifted_row", "info",
         "A row was printed left or right of its heads and was moved back."),
    Rule("layout_shifted_head", "info",
         "The head was printed beside its columns; the columns were read by what they hold."),
    Rule("layout_total_label", "info",
         "The total row has no label, or a wrong one."),
    Rule("layout_title_in_cell", "info",
         "The title of a form was printed inside a cell of the form before it."),
    Rule("layout_broken_row", "warning",
         "One row was printed on several lines and was joined: info where nothing else fits, a"
         " warning where a row without values was taken for the end of the row above."),
    Rule("layout_ambiguous_row", "warning",
         "A row can be read in more than one way; the likeliest was taken."),
    Rule("layout_level_missing", "info",
         "The level-1 name above a level-2 name is not printed; none was filled in."),
    # print that has no value or no place
    Rule("unread_value", "warning",
         "A printed value was not understood and stays text: a warning for money, points and"
         " rates; info for targets and results that hold digits."),
    Rule("hint_left_in", "info",
         "A cell still holds what the model form prints in its place (≥XX次, 指标1：……); it is no value."),
    Rule("damaged_operator", "warning",
         "A target begins as a misread ≥ or ≤ does (之95%, s30天, 2 95%): `expected` is how it was read; null"
         " where a share above 100 (295%) was taken as printed and may be damaged."),
    Rule("value_out_of_range", "warning",
         "A printed number is too large for its column; the value is null, the print is kept."),
    Rule("unplaced_text", "warning",
         "A printed text of the form belongs to no field and no label."),
    # what a recogniser saw of a scan
    Rule("chosen_reading", "info",
         "Of the readings that a recogniser saw, not its likeliest was taken: `printed` is what it read best,"
         " `expected` what was taken, because only that is a word of the form, is a value, or makes its sums"
         " hold."),
    Rule("doubtful_reading", "warning",
         "What a recogniser read is not sure: `printed` is what was taken, `expected` the next likeliest;"
         " info for prose."),
    Rule("understood_label", "warning",
         "A label of a scan is spelled in no reading: `expected` is the word it was taken for, by its likeness and"
         " its place among the others. Info where most of its signs were read."),
    Rule("lost_value", "warning",
         "A scanned form has no value where the other rows of the column, or all forms, have one."),
    Rule("doubtful_number", "warning",
         "A number of a scan that may be misread, however surely: a rule that adds it up does not hold, it is strange"
         " beside the others, or the unit of all money is in doubt."),
    Rule("withheld_personal_data", "info",
         "A person's name or phone number was printed and is kept out of the tables."),
    Rule("text_outside_forms", "info",
         "The document holds text before, between or after its forms."),
    Rule("form_note", "info",
         "A note, conclusion or signature printed in the form that no column holds."),
    Rule("other_header_field", "info",
         "A header field that no column holds; its value stands in the finding."),
    Rule("fund_reason", "info",
         "The fund table says why money was not spent as planned; no column holds it, R11 hears it."),
    Rule("adjusted_target", "info",
         "A target was changed during the year: `printed` is the first one, the table holds the one that counts."),
    Rule("scoring_method", "info",
         "How a score is found, a reference value or a mark, printed beside an indicator; no column holds it."),
    Rule("subtotal_row", "info",
         "A row repeats the sum of the rows under it and is no indicator of its own."),
    # forms
    Rule("form_without_title", "info",
         "A form begins without a printed title."),
    Rule("incomplete_form", "warning",
         "A part that every form has is missing."),
    Rule("unknown_form", "warning",
         "A form that fits no known template."),
    Rule("tied_templates", "warning",
         "A form that fits two templates equally well."),
    Rule("neighbour_target_only", "info",
         "A form refused by name: it states targets only (绩效目标表)."),
    Rule("neighbour_monitoring", "info",
         "A form refused by name: mid-year monitoring (绩效运行监控)."),
    Rule("neighbour_result_list", "info",
         "A form refused by name: a list of results (自评结果一览)."),
    Rule("neighbour_blank_form", "info",
         "A form refused by name: a model form that was never filled in."),
    Rule("neighbour_final_accounts", "info",
         "A table refused by name: a table of the final accounts (决算表)."),
    Rule("neighbour_prose_report", "info",
         "A text refused by name: a self-evaluation report in prose (自评报告)."),
    Rule("listed_project", "info",
         "A project in a list of results: `printed` is its row, `message` its values as `field value; …`"
         " (project_name or department, implementing_unit, annual_budget_yuan, executed_yuan, execution_rate_pct,"
         " self_score, checked_score, difference, grade, checked_grade, place; texts as JSON strings)."),
    Rule("title_of_neighbour", "info",
         "A form stands under the title of a neighbour, as of a target table, but prints results or scores."),
    Rule("unfilled_form", "warning",
         "A form that names its project but prints no result and no score."),
    # documents
    Rule("duplicate_document", "info",
         "Several files hold the same bytes; their forms are published once."),
    Rule("replaced_bytes", "warning",
         "Some bytes are no character in the encoding of the file and were replaced."),
    Rule("cut_character", "warning",
         "The file ends in the middle of a character; the rest of it was read."),
    Rule("lost_characters", "warning",
         "Characters had been lost before the file was published (U+FFFD, 锟斤拷)."),
    # pages and parts that were not read
    Rule("scanned_page", "warning",
         "A page is a picture: it was read as one, or not at all where no engine is installed."),
    Rule("turned_page", "info",
         "A page was scanned upside down or on its side; it was read upright."),
    Rule("double_page", "info",
         "Two pages stand side by side on one scanned image; the left one was read first."),
    Rule("sealed_page", "info",
         "A red seal lies on a scanned page; it was taken away by its colour before reading."),
    Rule("ocr_text_layer", "warning",
         "A page is a picture over text that a recogniser made; that text was not taken, the picture was read."),
    Rule("unreadable_text_layer", "warning",
         "The fonts of a page do not tell which characters they draw; it was read as a picture."),
    Rule("unreadable_characters", "warning",
         "Some fonts of a page do not tell which characters they draw; these stand as U+FFFD."),
    Rule("unreadable_page", "warning",
         "A page is damaged; it was not read."),
    Rule("damaged_page", "warning",
         "A page of a PDF cannot be parsed by either library; it was not read."),
    Rule("page_too_large", "warning",
         "A page draws more than a page of a report does; it was not read."),
    Rule("unreadable_member", "warning",
         "A file inside an archive was not read, and why."),
    Rule("unread_part", "warning",
         "A part of the file (a sheet, a frame, a text box) was not read, and why."),
    Rule("embedded_object", "warning",
         "The file carries another file inside it, which was not read."),
    Rule("page_picture", "warning",
         "A picture as large as a page, perhaps a scanned form; its text was not read."),
    Rule("picture", "info",
         "Pictures whose text was not read."),
    Rule("external_reference", "info",
         "The file shows parts of other files; nothing is ever fetched."),
    # what the reader left out or put together
    Rule("doubtful_page_break", "warning",
         "A row at a page break can be read as one row or as two; the likelier was taken."),
    Rule("second_reader", "info",
         "A page was read with the second library, which found less wrong with it."),
    Rule("converted", "info",
         "The file was converted by LibreOffice before it was read."),
    Rule("tracked_changes", "info",
         "Tracked changes were read as accepted."),
    Rule("hidden_text", "info",
         "Text that is not shown was left out."),
    Rule("hidden_cells", "info",
         "Hidden rows or columns of a sheet were left out."),
    Rule("hidden_sheet", "info",
         "Hidden sheets of a workbook were left out."),
    Rule("covered_text", "warning",
         "Cells that a merged cell covers hold other text, which is not shown and was left out."),
    Rule("broken_merge", "info",
         "Merged ranges that overlap or lie outside the sheet were not followed."),
    Rule("unknown_number_format", "info",
         "Numbers of a sheet are shown plainly: their number format is not known."),
    Rule("missing_string", "warning",
         "Texts that a sheet refers to are not in the file."),
    Rule("picture_in_cell", "info",
         "Cells of a sheet hold pictures, which were not read."),
    Rule("formula_without_value", "warning",
         "A formula has no stored result; its cell was read as empty."),
    # people's decisions
    Rule("correction_applied", "info",
         "A recorded correction was applied."),
    Rule("correction_unmatched", "error",
         "A recorded correction was not applied: the print that it expects is gone."),
)

RULES: dict[str, Rule] = {rule.key: rule for rule in _RULES}
"""Every known rule by its key, in the order of the documentation."""
