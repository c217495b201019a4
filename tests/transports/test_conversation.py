"""What is said to a mail server and when, reply by reply, and what it leaves of messages when the line breaks.

Not here: sockets and time-outs (test_smtp).
"""

from collections import deque
from dataclasses import replace

import pytest

from feeds.model import Envelope, Parcel, Phase
from feeds.transports.conversation import Conversation, ConversationOver, Offers, OursRefused, ServerLeaves

PLAIN, PIPELINES = Offers(), Offers(pipelines=True)


def parcel(name):
    return Parcel((b"Subject: ferry\r\n\r\nfrom Monday\r\n",), Envelope(f"{name}@s.example", f"{name}@r.example", name))


class Talk:
    """A conversation through parcels of these names; ``said`` are the lines sent since they were read last."""

    def __init__(self, *names, offers=PIPELINES):
        self.parcels = deque(map(parcel, names))
        self.conversation = Conversation(lambda: self.parcels.popleft() if self.parcels else None, offers)
        self.conversation.begin()
        self.octets = b""

    def speak(self):
        while self.conversation.speeches:
            speech = self.conversation.speeches.popleft()
            self.octets += speech.octets
            if speech.parcel:
                self.conversation.handed_over(speech.parcel)

    @property
    def said(self):
        self.speak()
        said, self.octets = self.octets.decode().split("\r\n")[:-1], b""
        return said

    def hear(self, *codes):
        for code in codes:
            self.speak()
            self.conversation.hear(code, b"said")
        return self.steps

    def go(self, goes=True):
        self.conversation.decide(goes=goes)

    @property
    def steps(self):
        steps, self.conversation.steps = self.conversation.steps, []
        return [(step.name, step.reply and (step.reply.code, step.reply.phase)) for step in steps]

    def lost(self):
        again = self.conversation.lost("it broke")
        return self.steps, [one.envelope.name for one in again]


def named(name):
    return [f"MAIL FROM:<{name}@s.example>", f"RCPT TO:<{name}@r.example>"]


BODY = ["Subject: ferry", "", "from Monday", "."]


def at_the_body_of_the_first(*names):
    """Return a talk that has just sent the first message, and named the second."""
    talk = Talk(*names)
    talk.hear(250, 250)
    talk.go()
    talk.hear(354)
    assert talk.said == [*named(names[0]), "DATA", *BODY, *named(names[1])]
    return talk


def test_message_is_named_in_one_breath_and_waits_at_the_brink():
    talk = Talk("a")
    assert talk.said == named("a")
    assert talk.hear(250) == []
    assert (talk.hear(250), talk.conversation.at_brink, talk.said) == ([("a", None)], "a", [])


def test_data_is_said_only_when_the_message_may_go():
    talk = Talk("a")
    talk.hear(250, 250)
    assert talk.said == named("a")
    talk.go()
    assert (talk.said, talk.conversation.at_brink) == (["DATA"], None)


def test_next_message_is_named_behind_the_body_and_not_begun():
    talk = at_the_body_of_the_first("a", "b")
    assert talk.hear(250) == [("a", (250, Phase.END))]
    assert talk.hear(250, 250) == [("b", None)]
    assert talk.said == []


def test_server_that_does_not_pipeline_is_asked_one_thing_at_a_time():
    talk, seen = Talk("a", "b", offers=PLAIN), []
    for code in (250, 250, None, 354, 250):
        seen += talk.said
        talk.go() if code is None else talk.hear(code)
    assert seen + talk.said == [*named("a"), "DATA", *BODY, "MAIL FROM:<b@s.example>"]


@pytest.mark.parametrize("offers", [PLAIN, PIPELINES])
def test_message_that_was_called_off_is_forgotten_before_the_next_is_named(offers):
    talk = Talk("a", "b", offers=offers)
    talk.hear(250, 250)
    assert talk.said == named("a")
    talk.go(False)
    assert talk.said == ["RSET"]
    talk.hear(250)
    assert talk.said[0] == "MAIL FROM:<b@s.example>"


def test_refused_sender_answers_the_message_and_the_answer_to_its_recipient_is_passed_over():
    talk = Talk("a", "b")
    assert talk.hear(452) == [("a", (452, Phase.SENDER))]
    assert talk.hear(503) == []
    assert talk.said == [*named("a"), *named("b")]


def test_refused_recipient_is_forgotten_and_the_next_is_named():
    talk = Talk("a", "b")
    assert talk.hear(250, 550) == [("a", (550, Phase.RECIPIENT))]
    assert talk.said == [*named("a"), "RSET"]
    talk.hear(250)
    assert talk.said == named("b")


def test_refusal_of_what_is_ours_blames_no_message():
    talk = Talk("a")
    with pytest.raises(OursRefused, match="530"):
        talk.hear(530)
    assert talk.lost() == ([], [])


# ---- the line breaks ----


@pytest.mark.rule("D10")
def test_break_behind_the_body_leaves_it_in_doubt_and_the_named_one_to_be_tried_at_once():
    talk = at_the_body_of_the_first("a", "b")
    assert talk.lost() == ([("a", (0, Phase.END))], ["b"])


@pytest.mark.rule("D10")
def test_break_before_the_body_went_out_whole_means_not_sent():
    talk = Talk("a")
    talk.hear(250, 250)
    talk.go()
    talk.hear(354)
    assert talk.lost() == ([("a", (0, Phase.BODY))], [])


@pytest.mark.rule("D10")
def test_break_at_the_brink_means_not_sent():
    talk = Talk("a")
    talk.hear(250, 250)
    assert talk.lost() == ([("a", (0, Phase.RECIPIENT))], [])


def test_break_on_a_new_connection_answers_the_message_that_was_named():
    assert Talk("a").lost() == ([("a", (0, Phase.SENDER))], [])


def test_message_is_tried_on_another_connection_once():
    talk = at_the_body_of_the_first("a", "b")
    (again,) = talk.conversation.lost("it broke")
    assert again == replace(parcel("b"), was_named=True)
    other = at_the_body_of_the_first("c", "d")
    other.hear(250, 250, 250)
    other.go(False)
    other.parcels.append(again)
    other.hear(250)
    assert other.lost() == ([("b", (0, Phase.SENDER))], [])


@pytest.mark.rule("T112")
def test_421_answers_the_message_that_was_asked_about_and_no_other():
    talk = at_the_body_of_the_first("a", "b")
    with pytest.raises(ServerLeaves) as leaving:
        talk.hear(421)
    again = talk.conversation.lost("said", leaving.value.reply)
    assert (talk.steps, [one.envelope.name for one in again]) == ([("a", (421, Phase.END))], ["b"])


@pytest.mark.parametrize("codes", [(354,), (250, 354), (250, 250, None, 250), (250, 250, None, 354, 354)])
def test_answer_out_of_place_ends_the_connection(codes):
    talk = Talk("a")
    with pytest.raises(ConversationOver, match="out of place"):
        for code in codes:
            assert talk.said is not None
            talk.go() if code is None else talk.hear(code)


def test_word_that_nobody_asked_for_ends_the_connection():
    with pytest.raises(ConversationOver, match="unasked"):
        Talk().hear(250)


@pytest.mark.parametrize("offers", [PLAIN, PIPELINES])
def test_answer_to_what_was_not_said_yet_ends_the_connection_and_costs_the_next_message_nothing(offers):
    talk = Talk("a", "b", offers=offers)
    assert talk.hear(250, 550, 250) == [("a", (550, Phase.RECIPIENT))]
    with pytest.raises(ConversationOver, match="unasked"):
        talk.conversation.hear(250, b"said")
    assert talk.lost() == ([], ["b"])


@pytest.mark.parametrize("code", [354, 250])
def test_message_is_said_once_whatever_comes_before_its_end(code):
    talk = Talk("a")
    talk.hear(250, 250)
    talk.go()
    talk.hear(354)
    with pytest.raises(ConversationOver, match="out of place"):
        talk.conversation.hear(code, b"said")
    assert talk.lost() == ([("a", (0, Phase.BODY))], [])
    assert talk.said == [*named("a"), "DATA", *BODY]


@pytest.mark.parametrize("offers", [PLAIN, PIPELINES])
def test_message_that_is_refused_before_it_is_all_said_ends_the_connection(offers):
    talk = Talk("a", "b", offers=offers)
    talk.hear(250, 250)
    talk.go()
    talk.hear(354)
    with pytest.raises(ConversationOver, match=r"^the server refused a message before it had all of it$"):
        talk.conversation.hear(552, b"said")
    assert talk.lost() == ([("a", (552, Phase.BODY))], ["b"] if offers is PIPELINES else [])


@pytest.mark.rule("T117")
def test_too_large_message_is_passed_over_without_a_word():
    talk = Talk("a", offers=Offers(pipelines=True, largest=10))
    assert (talk.steps, talk.said) == ([("a", (552, Phase.SENDER))], [])
    assert Talk("a", offers=Offers(largest=0)).said == ["MAIL FROM:<a@s.example> SIZE=31"]


def test_message_as_large_as_the_server_takes_is_tried_and_one_octet_more_is_not():
    assert Talk("a", offers=Offers(largest=31)).said == ["MAIL FROM:<a@s.example> SIZE=31"]
    talk = Talk("a", offers=Offers(largest=30))
    ((_, reply),) = [(step.name, step.reply) for step in talk.conversation.steps]
    assert (reply.enhanced, talk.said) == ("5.3.4", [])
    assert reply.text == "the message has 31 octets and is larger than the server takes (30)"


# ---- the ends of what is said, and of the codes ----


def test_answers_at_the_ends_of_their_hundred_are_what_their_first_digit_says():
    assert Talk("a").hear(200, 299) == [("a", None)]
    assert Talk("a", offers=PLAIN).hear(400) == [("a", (400, Phase.SENDER))]


@pytest.mark.parametrize("code", [500, 421, 354])
def test_server_that_does_not_forget_what_was_called_off_is_left(code):
    talk = Talk("a", "b")
    talk.hear(250, 250)
    talk.go(False)
    with pytest.raises(ConversationOver, match=r"^the server did not forget a message that was called off$"):
        talk.hear(code)
    assert talk.lost() == ([], [])


def test_what_ends_a_connection_is_said_in_the_servers_words():
    talk = at_the_body_of_the_first("a", "b")
    with pytest.raises(ServerLeaves, match=r"^said$"):
        talk.hear(421)
    with pytest.raises(OursRefused, match=r"^refuses our mail: 530 said$") as refused:
        Talk("a").hear(530)
    assert refused.value.reply.code == 530


def test_answer_out_of_place_leaves_its_message_to_be_settled():
    talk = Talk("a", offers=PLAIN)
    with pytest.raises(ConversationOver, match="out of place: 354 said"):
        talk.hear(354)
    assert talk.lost() == ([("a", (0, Phase.SENDER))], [])


def test_last_words_answer_no_message_but_the_first():
    talk = at_the_body_of_the_first("a", "b")
    for awaited in talk.conversation._awaited:
        awaited.parcel = replace(awaited.parcel, was_named=True)
    with pytest.raises(ServerLeaves) as leaving:
        talk.hear(421)
    talk.conversation.lost("it broke", leaving.value.reply)
    assert talk.steps == [("a", (421, Phase.END)), ("b", (0, Phase.SENDER))]


@pytest.mark.parametrize("codes", [(), (250, 250)])
def test_message_that_a_break_leaves_open_says_what_broke(codes):
    talk = Talk("a")
    talk.hear(*codes)
    talk.conversation.lost("it broke")
    assert talk.conversation.steps[-1].reply.text == "it broke"
    assert talk.conversation.at_brink is None
