"""Names as tests give them: a table in place of the DNS, by which a rule's questions are answered.

Not here: what a rule makes of the answers.
"""

from feeds.model.names import AnswerState, NameAnswer

SILENT = object()


def answered(asking, names, asked=None):
    """Let a rule ask a table, ``{"gazette.example TXT": ["v=spf1 -all"]}``; return what it makes of it.

    A name with other records only is there without any; SILENT in place of records means that nothing is known.
    ``asked`` is a list that takes the questions in their order.
    """
    try:
        question = next(asking)
        while True:
            if asked is not None:
                asked.append(f"{question.name} {question.kind}")
            question = asking.send(_answer(question, names))
    except StopIteration as end:
        return end.value


def _answer(question, names):
    records = names.get(f"{question.name} {question.kind}")
    if records is SILENT:
        return NameAnswer(question, AnswerState.SILENT, problem="no name server answered")
    if records is not None:
        return NameAnswer(question, AnswerState.FOUND, tuple(records))
    is_there = any(name.partition(" ")[0] == question.name for name in names)
    return NameAnswer(question, AnswerState.EMPTY if is_there else AnswerState.ABSENT)
