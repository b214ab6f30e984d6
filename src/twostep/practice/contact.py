"""Practice for lesson 03: what a contact is worth, and whether to ask for it."""

from twostep._text import _
from twostep.models.contacts import ContactList, SampleOffer, line_fee
from twostep.practice._exercise import Choice, Figure, Mistake
from twostep.practice._shown import Number, Numbers, Option
from twostep.practice._worksheet import Line
from twostep.units import PEOPLE, RATE, YEN

predict = Choice(
    key="contact-predict",
    question=_("Which of the two shops earns more for each passer-by?"),
    options=(
        Option(
            "more-samples",
            _("The one that does not ask: twice as many people take the sample."),
            _(
                "Twice as many come back once. But whoever registered can be invited again and "
                "again."
            ),
        ),
        Option(
            "messages-later",
            _("The one that asks: it gives fewer samples, and can write later."),
            _("It loses half of the people and still earns more, by what the messages bring."),
            right=True,
        ),
        Option(
            "same-people",
            _("Both the same: the same share of people comes back to the shop."),
            _("The same share, but of half as many people. And only one shop can write to them."),
        ),
        Option(
            "free-never-pays",
            _("Neither: a sample given away for nothing cannot earn anything."),
            _("It costs {sample_cost}, and one in ten who take it leaves {visit_margin}."),
        ),
    ),
    given=Numbers.of(SampleOffer(), "sample_cost", "visit_margin"),
    hint=_("What can the second shop do next week that the first cannot?"),
)

LIST = Numbers.of(ContactList())

predict_cost = Choice(
    key="contact-predict-cost",
    given=LIST,
    unit=YEN,
    question=_("What may one registration cost at most, for one year of messages?"),
    options=(
        Option(
            "one-visit",
            "{about}",
            _("That is one visit. Most people never come because of a message."),
            formula=lambda n: n.visit_margin,
        ),
        Option(
            "one-message",
            "{about}",
            _("That is what one message leaves. There are many in a year."),
            formula=lambda n: n.response_rate * n.visit_margin - n.message_cost,
        ),
        Option(
            "nobody-blocks",
            "{about}",
            _("So it would be if nobody ever blocked you, and each message cost nothing."),
            formula=lambda n: n.months * n.messages_per_month * n.response_rate * n.visit_margin,
        ),
        Option(
            "while-reached",
            "{about}",
            _("All messages of the year, to those who can still be reached: {value}."),
            formula=lambda n: n.scenario(ContactList).allowable_cost_per_registration,
            right=True,
        ),
    ),
    hint=_("How many messages does one person get in a year, and what does each leave?"),
)

NAILS = Numbers.of(
    ContactList(
        instant_block_rate=0.20,
        monthly_block_rate=0,
        messages_per_month=1,
        response_rate=0.006,
        visit_margin=3_500,
        message_cost=1,
        discount_rate=0,
    ),
    "instant_block_rate",
    "messages_per_month",
    "response_rate",
    "visit_margin",
    "message_cost",
    "months",
)


def nails_cost(n: Numbers, **changes: float) -> float:
    """What an address earns in the time of the task, nobody leaving later."""
    scenario = n.scenario(ContactList, monthly_block_rate=0, discount_rate=0, **changes)
    return float(scenario.allowable_cost_per_registration)


nails = Figure(
    key="contact-nails",
    given=NAILS,
    unit=YEN,
    answer=nails_cost,
    means=_("So much an address earns in {months}, for all who left one. It may cost no more."),
    mistakes=(
        Mistake(
            "blocks-forgotten",
            lambda n: nails_cost(n, instant_block_rate=0),
            _("You forgot that {instant_block_rate} leave at once."),
        ),
        Mistake(
            "messages-free",
            lambda n: nails_cost(n, message_cost=0),
            _("You forgot what a message costs: {message_cost} each."),
        ),
        Mistake(
            "one-month",
            lambda n: nails_cost(n, months=1),
            _("That is one month. The question is about a whole year."),
        ),
        Mistake(
            "those-who-left",
            lambda n: nails_cost(n, instant_block_rate=1 - n.instant_block_rate),
            _("You counted those who leave. The others get the messages."),
        ),
    ),
    hint=_("What does one message leave, on average? How many does one address get?"),
)

tissues = Figure(
    key="contact-tissues",
    given=Numbers(
        Number("sample_cost", _("Cost of a pack of tissues"), YEN, 18),
        Number("uptake", _("Of those who pass, the share who take one"), RATE, 0.80),
        Number("visit_margin", _("What a visit leaves"), YEN, 1_200),
    ),
    unit=RATE,
    answer=lambda n: n.sample_cost / n.visit_margin,
    means=_(
        "One and a half of a hundred. Everybody takes tissues; whether any of them came because of "
        "them, nobody can tell."
    ),
    mistakes=(
        Mistake(
            "of-those-who-pass",
            lambda n: n.sample_cost / n.visit_margin * n.uptake,
            _("Who takes none costs nothing, and is not asked about: leave the {uptake} out."),
        ),
        Mistake(
            "uptake-divided",
            lambda n: n.sample_cost / n.visit_margin / n.uptake,
            _("Cost and return are both counted for those who *take* a pack: leave {uptake} out."),
        ),
        Mistake(
            "upside-down",
            lambda n: n.visit_margin / n.sample_cost,
            _("So many packs one visit pays for. The share is one divided by it."),
        ),
    ),
    hint=_("How many packs does one visit pay for?"),
)

COSMETICS = Numbers.of(
    SampleOffer(
        registration_rate=0.40,
        return_rate=0.06,
        visit_margin=2_500,
        sample_cost=90,
        list_value=180,
    ),
    "registration_rate",
    "return_rate",
    "visit_margin",
    "sample_cost",
    "list_value",
)


def cosmetics(n: Numbers, **changes: float) -> SampleOffer:
    """The cosmetics shop's scenario, with some of the numbers changed."""
    return n.scenario(SampleOffer, **changes)


anonymous = Figure(
    key="contact-anonymous",
    given=COSMETICS,
    unit=YEN,
    answer=lambda n: cosmetics(n).anonymous_value,
    means=_("So much a sample without a question earns, for each who takes it."),
    mistakes=(
        Mistake(
            "sample-forgotten",
            lambda n: cosmetics(n, sample_cost=0).anonymous_value,
            _("You forgot the sample itself: {sample_cost}."),
        ),
        Mistake(
            "everybody-returns",
            lambda n: n.visit_margin - n.sample_cost,
            _("Not everybody comes back: {return_rate} do."),
        ),
        Mistake(
            "with-the-list",
            lambda n: cosmetics(n).anonymous_value + n.list_value,
            _("Without a registration there is no list, and no {list_value}."),
        ),
    ),
    hint=_("What do the return visits of a hundred people leave? What do their samples cost?"),
)

registered = Figure(
    key="contact-registered",
    given=COSMETICS,
    unit=YEN,
    answer=lambda n: cosmetics(n).registered_value,
    means=_("Fewer samples, and each one with a contact behind it."),
    mistakes=(
        Mistake(
            "list-forgotten",
            lambda n: cosmetics(n, list_value=0).registered_value,
            _("You forgot what a registration earns later: {list_value}."),
        ),
        Mistake(
            "everybody-registers",
            lambda n: cosmetics(n, registration_rate=1).registered_value,
            _("Only {registration_rate} still take it when they must register."),
        ),
        Mistake(
            "list-for-everybody",
            lambda n: n.registration_rate * cosmetics(n).anonymous_value + n.list_value,
            _("The {list_value} come only from those who register."),
        ),
    ),
    hint=_("What is one who registers worth, sample and list together? How many do?"),
)

ask_limit = Figure(
    key="contact-ask-limit",
    given=COSMETICS,
    unit=RATE,
    answer=lambda n: cosmetics(n).break_even_registration_rate,
    means=_("If fewer than this register, the sample without a question earns more."),
    mistakes=(
        Mistake(
            "anonymous-by-list",
            lambda n: cosmetics(n).anonymous_value / n.list_value,
            _("Who registers is worth the list *and* the return visits: divide by both together."),
        ),
        Mistake(
            "list-by-both",
            lambda n: n.list_value / (cosmetics(n).anonymous_value + n.list_value),
            _("That is the part of the list in what a registrant is worth. Take the other part."),
        ),
        Mistake(
            "sample-by-list",
            lambda n: n.sample_cost / n.list_value,
            _("That is which share of the list's worth the sample costs."),
        ),
    ),
    hint=_("Without a question everybody brings a little. How many registrants bring as much?"),
)

CAFE = Numbers(
    Number("friends", _("Friends who can be reached"), PEOPLE, 1_500),
    Number("messages_per_month", _("Messages to each of them, a month"), PEOPLE, 4),
    Number("response_rate", _("Extra visits of one message"), RATE, 0.004),
    Number("visit_margin", _("What a visit leaves"), YEN, 800),
)

cafe_month = Figure(
    key="contact-cafe",
    given=CAFE,
    unit=YEN,
    answer=lambda n: (
        n.friends * n.messages_per_month * n.response_rate * n.visit_margin
        - line_fee(n.friends * n.messages_per_month)
    ),
    means=_("What the messages of one month leave when LINE is paid."),
    mistakes=(
        Mistake(
            "fee-forgotten",
            lambda n: n.friends * n.messages_per_month * n.response_rate * n.visit_margin,
            _("LINE's fee is missing. So many messages need the largest plan."),
        ),
        Mistake(
            "middle-plan",
            lambda n: (
                n.friends * n.messages_per_month * n.response_rate * n.visit_margin
                - line_fee(5_000)
            ),
            _("That plan holds 5,000 messages. How many are sent here?"),
        ),
        Mistake(
            "one-message-each",
            lambda n: n.friends * n.response_rate * n.visit_margin - line_fee(n.friends),
            _("You counted one message to each. There are {messages_per_month}."),
        ),
    ),
    hint=_("How many messages is that? `line_fee(...)` gives the fee. What do they bring?"),
)

silent = Choice(
    key="contact-silent",
    given=LIST,
    question=_("The café collects registrations with a gift of {gift_cost}, and never writes."),
    options=(
        Option(
            "data-have-worth",
            _("The list is worth something: data always are."),
            _("To whom? A contact earns by what you send, and nothing is sent."),
        ),
        Option(
            "nothing-lost",
            _("It is worth nothing, and it has cost nothing."),
            _("The gifts have been paid: {gift_cost} for every registration."),
        ),
        Option(
            "gifts-are-lost",
            _("It has cost the gifts, and it brings nothing back."),
            _("The messages are what connects the first visit with the next ones."),
            right=True,
        ),
        Option(
            "sooner-or-later",
            _("It pays later: sooner or later they will return."),
            _("Those who return without a message would have returned without the list."),
        ),
    ),
    hint=_("Set the messages to zero. What is left in the sum?"),
)

own_cost = Figure(
    key="contact-own-cost",
    own=ContactList,
    given=Numbers.of(
        ContactList(
            instant_block_rate=0.15,
            monthly_block_rate=0,
            messages_per_month=3,
            response_rate=0.012,
            visit_margin=1_100,
            message_cost=2,
            discount_rate=0,
        )
    ),
    unit=YEN,
    answer=lambda n: n.scenario(ContactList).allowable_cost_per_registration,
    means=_("This agrees with the numbers you typed: the most that one registration may cost."),
    mistakes=(
        Mistake(
            "blocks-forgotten",
            lambda n: n.scenario(ContactList, instant_block_rate=0).allowable_cost_per_registration,
            _("You forgot those who block at once: {instant_block_rate}."),
        ),
        Mistake(
            "messages-free",
            lambda n: n.scenario(ContactList, message_cost=0).allowable_cost_per_registration,
            _("You forgot what a message costs: {message_cost} each."),
        ),
        Mistake(
            "one-month",
            lambda n: n.scenario(ContactList, months=1).allowable_cost_per_registration,
            _("That is one month. You count {months}."),
        ),
    ),
    hint=_("Messages a month × (what one brings − what one costs) × months, for those who stay."),
)

WORKSHEET = Line(
    chapter="03",
    question=_("What a contact may cost me"),
    words={"gift": _("What I give for it"), "message": _("What I write, and how often")},
    model=ContactList,
    fields=("messages_per_month", "response_rate", "visit_margin"),
    rule=_(
        "One registration may cost me at most {allowable_cost_per_registration} in a year. I say "
        "clearly what people agree to."
    ),
)
