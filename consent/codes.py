"""Every finding the consent engine can make. Codes are history: resolutions refer to them, so none is ever renamed."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Code(StrEnum):
    """Stable ids of findings; `MEANINGS` says what each stands for."""

    NAME_IN_PHOTO_POST = "name.in-photo-post"
    NAME_IN_PICTURE = "name.in-picture"
    NAME_IN_POST = "name.in-post"
    NAME_BY_DISMISSED_FACE = "name.by-dismissed-face"
    NAME_WHICH = "name.which"
    NAME_SURNAME = "name.surname"
    NAME_WITH_DETAILS = "name.with-details"
    NAME_WITH_CLASS = "name.with-class"
    NAME_MAYBE = "name.maybe"
    NAME_UNKNOWN = "name.unknown"
    NAME_STAFF = "name.staff"
    FACE_UNANSWERED = "face.unanswered"
    FACE_PROTECTED = "face.protected"
    FACE_POSSIBLE = "face.possible"
    FACE_NO_CONSENT = "face.no-consent"
    FACE_UNKNOWN_PERSON = "face.unknown-person"
    FACE_OUTSIDE_ROSTER = "face.outside-roster"
    FACE_TWICE = "face.twice"
    FACE_NOT_OBSCURED = "face.not-obscured"
    FACE_NOT_AS_SUGGESTED = "face.not-as-suggested"
    FACE_LIKE_FAMILY = "face.like-family"
    FACE_RECOGNISABLE = "face.recognisable"
    FACE_DISMISSED = "face.dismissed"
    FACE_IDENTIFIABLE = "face.identifiable"
    PICTURE_UNCONFIRMED = "picture.unconfirmed"
    PICTURE_PROBLEM = "picture.problem"
    PEOPLE_MISSING = "picture.people-missing"
    ALT_TEXT_MISSING = "alt-text.missing"
    NETWORK_MISSING = "network.missing"
    JIGSAW = "jigsaw"
    DATA_UPN = "data.upn"
    DATA_BIRTHDAY = "data.birthday"
    DATA_ADDRESS = "data.address"
    DATA_POSTCODE = "data.postcode"
    DATA_PHONE = "data.phone"
    DATA_EMAIL = "data.email"
    DATA_MEDICAL = "data.medical"
    DATA_SEND = "data.send"
    DATA_BEHAVIOUR = "data.behaviour"
    DATA_BANK = "data.bank"
    DATA_NUMBER = "data.number"
    DATA_PLATE = "data.plate"
    DATA_WHEREABOUTS = "data.whereabouts"
    DATA_SECURITY = "data.security"
    LINK_BROKEN = "link.broken"
    LINK_DENIED = "link.denied"
    LINK_SIGN_IN = "link.sign-in"
    LINK_PRIVATE = "link.private"
    LINK_LOOK_ALIKE = "link.look-alike"
    LINK_NOT_HTTPS = "link.not-https"
    LINK_SHORTENED = "link.shortened"
    CHECK_FAILED = "check.failed"


MEANINGS: Mapping[Code, str] = MappingProxyType(
    {
        Code.NAME_IN_PHOTO_POST: "A pupil's name in a post whose pictures show, or may show, people. Block.",
        Code.NAME_IN_PICTURE: "A pupil's name to be read inside a picture that shows nobody. Hold.",
        Code.NAME_IN_POST: "A pupil's name in a post without people, and the pupil may not be named there. Block.",
        Code.NAME_BY_DISMISSED_FACE: "A pupil's name beside a picture whose faces its author said are none. Hold.",
        Code.NAME_WHICH: "A name that several pupils bear, and not all of them may be named. Hold.",
        Code.NAME_SURNAME: "A pupil's surname or full name: only first names may stand, even with consent. Block.",
        Code.NAME_WITH_DETAILS: "A pupil's name beside address, health, special needs or behaviour. Block.",
        Code.NAME_WITH_CLASS: "A pupil's first name beside class or age, with consent to be named. Warn.",
        Code.NAME_MAYBE: "A word that is also a pupil's name, or one slip of the finger away from it. Hold.",
        Code.NAME_UNKNOWN: "Words shaped like a name that the register does not explain. Hold.",
        Code.NAME_STAFF: "An adult's surname without a recorded agreement. Hold.",
        Code.FACE_UNANSWERED: "A face that nobody has answered for. Block until answered.",
        Code.FACE_PROTECTED: "A face like a pupil's who may not be shown, answered by the author alone. Block.",
        Code.FACE_POSSIBLE: "A face that may be a pupil's who may not be shown, answered as somebody else. Warn; hold "
        "if it is very like, or if that pupil is not of those who took part.",
        Code.FACE_NO_CONSENT: "Somebody is tagged who has no consent for a use of the post. Block.",
        Code.FACE_UNKNOWN_PERSON: "Somebody is tagged who is not in the register. Block.",
        Code.FACE_OUTSIDE_ROSTER: "Somebody is tagged who is not on the list of who took part. Warn.",
        Code.FACE_TWICE: "The same person is tagged twice in one picture. Block for a pupil, hold for an adult.",
        Code.FACE_NOT_OBSCURED: "A face that is to be obscured can still be found. Block.",
        Code.FACE_NOT_AS_SUGGESTED: "Somebody is tagged whom the face does not resemble most. Warn.",
        Code.FACE_LIKE_FAMILY: "A pupil is tagged whose namesake, perhaps a brother or sister, may not be shown. Warn.",
        Code.FACE_RECOGNISABLE: "A face said to be beyond recognition is not. Block if it is plain; hold otherwise.",
        Code.FACE_DISMISSED: "A box said to be no face surely is one. Hold.",
        Code.FACE_IDENTIFIABLE: "Faces can be recognised where the school or the post wants none. As the rule says.",
        Code.PICTURE_UNCONFIRMED: "Nobody confirmed that every person in the picture has a box. Block until confirmed.",
        Code.PICTURE_PROBLEM: "A picture that could not be checked. Block.",
        Code.PEOPLE_MISSING: "The author counts more people, or fewer, than have a box. Block.",
        Code.ALT_TEXT_MISSING: "A picture without alt text. Block until written.",
        Code.NETWORK_MISSING: "A post with pictures that goes nowhere yet, so that no consent can be asked for. Block.",
        Code.JIGSAW: "Names and photos of the same event within seven days. Hold.",
        Code.DATA_UPN: "A unique pupil number. Block; hold if its check letter is wrong.",
        Code.DATA_BIRTHDAY: "A date of birth. Block; hold if it is only hinted at.",
        Code.DATA_ADDRESS: "A home address. Block; hold if it may be a public place's.",
        Code.DATA_POSTCODE: "A postcode by itself. Hold.",
        Code.DATA_PHONE: "A phone number that the school has not published. Block.",
        Code.DATA_EMAIL: "An e-mail address that the school has not published. Block.",
        Code.DATA_MEDICAL: "Somebody's health. Block.",
        Code.DATA_SEND: "Somebody's special needs, care or entitlement. Block.",
        Code.DATA_BEHAVIOUR: "Somebody's behaviour, exclusion or family matters. Block.",
        Code.DATA_BANK: "Bank details. Block.",
        Code.DATA_NUMBER: "A National Insurance, NHS or passport number. Block.",
        Code.DATA_PLATE: "A number plate. Hold.",
        Code.DATA_WHEREABOUTS: "Where pupils will be and when. Hold.",
        Code.DATA_SECURITY: "How the school is kept safe. Hold.",
        Code.LINK_BROKEN: "A link that cannot be read. Block.",
        Code.LINK_DENIED: "A link to a site that the school has ruled out. Block.",
        Code.LINK_SIGN_IN: "A link that carries a user name or password. Block.",
        Code.LINK_PRIVATE: "A link to a bare or private address. Block.",
        Code.LINK_LOOK_ALIKE: "A link whose host imitates another by foreign or look-alike letters. Block.",
        Code.LINK_NOT_HTTPS: "A link that is not https. Hold.",
        Code.LINK_SHORTENED: "A link that hides where it leads. Hold.",
        Code.CHECK_FAILED: "The check itself failed; the app says so. Block.",
    }
)
