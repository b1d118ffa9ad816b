"""The grammar of printed values: one small module each, whose doctests are its specification.

Every ``parse`` takes the text of one cell as printed and gives a typed value, or None (for
targets and results: the kind ``text``) where the print is not understood. It never raises
on any ``str`` and never guesses: a text is a value only when every character of it is
accounted for.
"""
