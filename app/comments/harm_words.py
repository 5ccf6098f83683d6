"""What a comment is, in the few words that a tired head reads at a glance."""

from collections.abc import Sequence

HARM_WORDS = {
    "threat": "Threat",
    "self_harm_incitement": "Told to harm themselves",
    "disclosure": "Cry for help",
    "missing_child": "Missing child",
    "contact_seeking": "Seeks contact with a child",
    "sexual_child": "Sexual, about a child",
    "sexual": "Sexual words",
    "doxxing": "Tells where somebody is",
    "allegation_staff": "Accuses staff",
    "allegation_head": "Accuses the head",
    "extremism": "Extremism",
    "drugs": "Drugs",
    "weapons": "Weapon",
    "prejudice": "Prejudice",
    "insult": "Insult",
    "pupil_named": "Pupil named",
    "personal_data": "Private details",
    "scam": "Scam",
    "spam": "Advert",
    "from_a_child": "From a child",
    "report_of_abuse": "Report of abuse",
    "counter_speech": "Answers abuse",
    "unkind": "Perhaps unkind",
    "profanity": "Strong language",
    "not_english": "Not in English",
    "attachment": "Picture only",
    "criticism": "Criticism",
}


def harm_words(harm: str) -> str:
    return HARM_WORDS.get(harm, harm.replace("_", " ").capitalize())


def harm_inside(harm: str) -> str:
    """The same words in the middle of a sentence, where names keep their capitals."""
    words = harm_words(harm)
    return words[:1].lower() + words[1:]


def followed_up(categories: Sequence[str]) -> list[str]:
    """Order what a comment is as it is followed up: beside an accusation the cry for help is second."""
    accuses = [each for each in categories if each in _ACCUSES]
    return [*accuses, *(each for each in categories if each not in accuses)]


_ACCUSES = ("allegation_head", "allegation_staff")
