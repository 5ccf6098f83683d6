"""Official accounts: entered, approved by somebody else, connected with keys that work, closed with keys forgotten."""

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.channels import services
from app.channels.connector import Connector
from app.channels.identity import is_approved
from app.channels.models import Channel, ChannelState
from app.core.actors import Actor
from app.core.crypto import SealBrokenError
from app.core.db import EVERY_SCHOOL
from app.core.errors import InvalidInputError, NotFoundError, NotPermittedError, WrongStateError
from app.core.permissions import Permission
from app.notifications.models import Notice
from app.platforms.base import Health, Network
from app.platforms.registry import FacebookCredentials, XCredentials
from app.schools.services import create_school
from tests.fakes import FakePlatform

KEYS = {
    Network.FACEBOOK: FacebookCredentials("app-1", "secret-of-the-app", "page-7", "token-of-the-page"),
    Network.X: XCredentials("key", "key-secret", "access", "access-secret", "42", "bramleyhill"),
}
OWN = {network: Health(ok=True, account_id=keys.account_id, handle="BramleyHill") for network, keys in KEYS.items()}
"""What each network says of the school's own keys."""
FORMS = {
    Network.FACEBOOK: {"app_id": "app-1", "app_secret": "secret-of-the-app", "page_id": "page-7", "page_token": " token-of-the-page "},
    Network.X: {
        "api_key": "key", "api_secret": "key-secret", "access_token": "access", "access_secret": "access-secret",
        "user_id": "42", "handle": "bramleyhill",
    },
}  # fmt: skip


@pytest.fixture
def networks(app, monkeypatch):
    """Stand-ins for both networks behind the real connector; the app's own would call the internet."""
    fakes = {
        network: FakePlatform(network, account_id=keys.account_id, handle="bramleyhill")
        for network, keys in KEYS.items()
    }
    connector = Connector(app.extensions["schoolgate.sealers"]["tokens"], lambda network, _: fakes[network])
    monkeypatch.setitem(app.extensions, "schoolgate.connector", connector)
    return fakes


@pytest.fixture
def connector(app, networks):
    return app.extensions["schoolgate.connector"]


@pytest.fixture
def coordinator(user_with) -> Actor:
    return user_with(Role.COORDINATOR).as_actor()


@pytest.fixture
def leader(user_with) -> Actor:
    return user_with(Role.SMT).as_actor()


def proposal(network: Network = Network.FACEBOOK, handle: str = "bramleyhill") -> services.Proposal:
    return services.Proposal(
        network,
        "Bramley Hill School",
        handle,
        "https://facebook.example/bramleyhill",
        "Ms Lamb",
        "office@school.example",
        True,
    )


@pytest.fixture
def propose(database, school, coordinator):
    def enter(*args, actor: Actor = coordinator):
        with database.transaction(school.id) as session:
            return services.propose_channel(session, proposal(*args), actor=actor).id

    return enter


@pytest.fixture
def approved(database, school, propose, leader):
    def make(network: Network = Network.FACEBOOK):
        channel_id = propose(network)
        with database.transaction(school.id) as session:
            services.approve_channel(session, channel_id, actor=leader)
        return channel_id

    return make


@pytest.fixture
def connected(database, school, approved, connector, coordinator):
    def make(network: Network = Network.FACEBOOK):
        channel_id = approved(network)
        with database.transaction(school.id) as session:
            services.connect_channel(
                session, channel_id, KEYS[network], OWN[network], connector=connector, actor=coordinator
            )
        return channel_id

    return make


@pytest.fixture
def look(database, school):
    def read(channel_id) -> Channel:
        with database.reading(school.id) as session:
            return session.get_one(Channel, channel_id)

    return read


def test_an_account_is_entered_and_the_leadership_is_told_until_it_is_decided(database, school, sign_in, propose, look):
    browser = sign_in(Role.SMT)
    leader = browser.person
    channel = look(propose())
    assert channel.state is ChannelState.PROPOSED
    assert "account waits for approval" in browser.get("/").text
    waiting = sa.select(Notice.link).where(Notice.user_id == leader.id, Notice.read_at.is_(None))
    with database.transaction(school.id) as session:
        assert session.scalars(waiting).all() == [f"/channels/{channel.id}"]
        services.approve_channel(session, channel.id, actor=leader.as_actor())
        assert session.scalars(waiting).all() == []
    assert "accounts wait for approval" in browser.get("/").text


def test_an_account_is_entered_once(propose):
    propose(Network.FACEBOOK, "bramleyhill")
    propose(Network.X, "bramleyhill")
    with pytest.raises(InvalidInputError, match="already in the register"):
        propose(Network.FACEBOOK, "bramleyhill")


def test_whoever_entered_it_cannot_approve_it(database, school, propose, user_with):
    both = user_with(Role.COORDINATOR, Role.SMT).as_actor()
    channel_id = propose(actor=both)
    with (
        pytest.raises(NotPermittedError, match="somebody else must approve it"),
        database.transaction(school.id) as session,
    ):
        services.approve_channel(session, channel_id, actor=both)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.SMT, Role.HEADTEACHER)])
def test_only_the_leadership_approves(database, school, propose, user_with, look, role):
    channel_id, somebody = propose(), user_with(role).as_actor()
    with pytest.raises(NotPermittedError), database.transaction(school.id) as session:
        services.approve_channel(session, channel_id, actor=somebody)
    assert look(channel_id).state is ChannelState.PROPOSED


def test_an_account_that_nobody_approved_cannot_be_connected(database, school, propose, connector, coordinator, look):
    channel_id = propose()
    with pytest.raises(WrongStateError), database.transaction(school.id) as session:
        services.connect_channel(
            session, channel_id, KEYS[Network.FACEBOOK], OWN[Network.FACEBOOK], connector=connector, actor=coordinator
        )
    assert look(channel_id).credentials_sealed is None


def test_keys_that_the_network_refuses_are_not_kept(database, school, approved, connector, coordinator, look):
    channel_id = approved()
    with pytest.raises(InvalidInputError, match="ran out"), database.transaction(school.id) as session:
        services.connect_channel(
            session,
            channel_id,
            KEYS[Network.FACEBOOK],
            Health(ok=False, problem="The token ran out. Make a new one."),
            connector=connector,
            actor=coordinator,
        )
    assert look(channel_id).credentials_sealed is None


def test_an_account_of_the_same_name_that_nobody_approved_is_not_connected(
    database, school, approved, connector, coordinator, look
):
    """A display name is anybody's: only the id and the handle that the network gives count, whichever way is taken."""
    channel_id = approved()
    told = Health(ok=True, account_id="page-7", handle="bramleyhill.fans", account_name="bramleyhill")
    with (
        pytest.raises(InvalidInputError, match=r"another account than bramleyhill.*it is @bramleyhill\.fans, number"),
        database.transaction(school.id) as session,
    ):
        services.connect_channel(
            session, channel_id, KEYS[Network.FACEBOOK], told, connector=connector, actor=coordinator
        )
    assert look(channel_id).state is ChannelState.APPROVED


def test_a_renewed_sign_in_must_be_of_the_same_account(database, school, connected, connector, coordinator, look):
    """The handle may have been given up since, and taken by somebody else."""
    channel_id, other = connected(Network.X), XCredentials("k", "s", "a", "t", "43", "bramleyhill")
    told = Health(ok=True, account_id="43", handle="bramleyhill")
    with (
        pytest.raises(InvalidInputError, match=r"another account than bramleyhill.*number 43"),
        database.transaction(school.id) as session,
    ):
        services.connect_channel(session, channel_id, other, told, connector=connector, actor=coordinator)
    assert look(channel_id).remote_account_id == "42"


def test_keys_entered_by_hand_for_another_account_are_refused_in_words(sign_in, networks, approved, look):
    networks[Network.FACEBOOK].handle = "elsewhere"
    channel_id = approved()
    answer = sign_in(Role.COORDINATOR).post(f"/channels/{channel_id}/connect", data=FORMS[Network.FACEBOOK])
    assert answer.status_code == 422
    assert "This is another account than bramleyhill, which the leadership approved" in answer.text
    assert look(channel_id).credentials_sealed is None


@pytest.mark.parametrize(
    ("handle", "address", "same"),
    [
        ("@BramleyHill", "https://x.com", True),
        ("Bramley.Hill", "https://facebook.com", True),
        ("Bramley Hill School", "https://www.facebook.com/BramleyHill/", True),
        ("1121302", "https://www.facebook.com/profile.php", True),
        ("-", "https://www.facebook.com/profile.php?id=1121302&sk=about", True),
        ("-", "https://www.facebook.com/people/Bramley-Hill-School/1121302/", True),
        ("-", "https://www.facebook.com/Bramley-Hill-School-1121302", True),
        ("Bramley Hill School", "https://www.facebook.com/profile.php?id=11213021", False),
        ("bramleyhillpta", "https://www.facebook.com/pg/bramleyhill/about", False),
        ("", "https://www.facebook.com", False),
    ],
)
def test_an_account_is_known_by_what_it_alone_is_called(handle, address, same):
    entered = Channel(network=Network.FACEBOOK, handle=handle, url=address)
    assert is_approved(entered, "1121302", "bramleyhill") is same
    assert not is_approved(entered, "7", "")


@pytest.mark.parametrize("network", Network)
def test_keys_are_sealed_and_open_again_for_their_account_alone(connected, connector, look, network):
    channel = look(connected(network))
    assert channel.state is ChannelState.CONNECTED
    assert channel.remote_account_id == KEYS[network].account_id
    assert b"secret" not in channel.credentials_sealed
    assert b"token" not in channel.credentials_sealed
    assert connector.credentials_of(channel) == KEYS[network]


def test_keys_that_were_moved_to_another_account_do_not_open(database, school, connected, approved, connector, look):
    """Somebody with the database, but without the key, cannot post as another account."""
    sealed = look(connected()).credentials_sealed
    other_id = approved(Network.X)
    with database.transaction(school.id) as session:
        other = session.get_one(Channel, other_id)
        other.credentials_sealed = sealed
    with pytest.raises(SealBrokenError):
        connector.credentials_of(look(other_id))


def test_an_account_without_keys_says_whom_to_ask(approved, connector, look):
    with pytest.raises(WrongStateError, match="Ask the account coordinator to connect it"):
        connector.credentials_of(look(approved()))


def test_closing_forgets_the_keys(database, school, connected, coordinator, look):
    channel_id = connected()
    with database.transaction(school.id) as session:
        services.close_channel(session, channel_id, actor=coordinator)
    closed = look(channel_id)
    assert (closed.state, closed.credentials_sealed) == (ChannelState.CLOSED, None)


def test_a_closed_account_stays_closed(database, school, connected, coordinator, connector, leader):
    channel_id = connected()
    with database.transaction(school.id) as session:
        services.close_channel(session, channel_id, actor=coordinator)
    with pytest.raises(WrongStateError), database.transaction(school.id) as session:
        services.connect_channel(
            session, channel_id, KEYS[Network.FACEBOOK], OWN[Network.FACEBOOK], connector=connector, actor=coordinator
        )


def test_a_broken_sign_in_pauses_the_account_and_tells_once(database, school, connected, user_with, look):
    coordinator = user_with(Role.COORDINATOR)
    channel_id = connected()
    for _ in range(2):
        with database.transaction(school.id) as session:
            services.pause_channel(session, session.get_one(Channel, channel_id), "The token ran out.")
    paused = look(channel_id)
    assert (paused.state, paused.health_problem) == (ChannelState.PAUSED, "The token ran out.")
    assert paused.state.takes_posts, "what waits is kept"
    with database.reading(school.id) as session:
        told = session.scalars(sa.select(Notice).where(Notice.user_id == coordinator.id)).all()
    assert len([notice for notice in told if "no longer works" in notice.sentence]) == 1


def test_reconnecting_ends_the_pause(database, school, connected, connector, coordinator, look):
    channel_id = connected()
    with database.transaction(school.id) as session:
        services.pause_channel(session, session.get_one(Channel, channel_id), "The token ran out.")
    with database.transaction(school.id) as session:
        services.connect_channel(
            session, channel_id, KEYS[Network.FACEBOOK], OWN[Network.FACEBOOK], connector=connector, actor=coordinator
        )
    mended = look(channel_id)
    assert (mended.state, mended.health_problem) == (ChannelState.CONNECTED, None)


def test_another_schools_account_is_not_there(database, connected, coordinator):
    with database.transaction(EVERY_SCHOOL) as session:
        other = create_school(session, "Other School")
    channel_id = connected()
    with pytest.raises(NotFoundError), database.reading(other.id) as session:
        services.channel_with(session, channel_id)


def test_no_key_is_in_the_audit_trail(database, school, connected):
    connected(Network.FACEBOOK)
    with database.reading(school.id) as session:
        told = str([(event.tag, event.details) for event in session.scalars(sa.select(AuditEvent))])
    assert "channel:connect" in told
    assert "token-of-the-page" not in told
    assert "secret-of-the-app" not in told


@pytest.mark.parametrize("network", Network)
def test_the_whole_way_over_the_pages(sign_in, networks, network, look, database, school):
    coordinator, leader = sign_in(Role.COORDINATOR), sign_in(Role.SMT)
    entered = coordinator.post(
        "/channels/new",
        data={
            "network": network.value, "name": "Bramley Hill School", "handle": "bramleyhill",
            "url": "https://social.example/bramleyhill", "owner": "Ms Lamb", "school_email": "office@school.example",
        },
    )  # fmt: skip
    address = entered.location
    assert coordinator.post(f"{address}/approve").status_code == 403
    assert "cannot connect" in coordinator.post(f"{address}/connect", data=FORMS[network]).text
    assert leader.post(f"{address}/approve").status_code == 302
    assert leader.post(f"{address}/connect", data=FORMS[network]).status_code == 403
    assert coordinator.post(f"{address}/connect", data=FORMS[network]).status_code == 302
    page = coordinator.get(address).text
    assert "secret" not in page.replace("secret of", "")
    with database.reading(school.id) as session:
        assert session.scalars(sa.select(Channel.state)).all() == [ChannelState.CONNECTED]


def test_keys_are_not_shown_again_when_they_are_refused(sign_in, networks, approved, look):
    networks[Network.FACEBOOK].signed_in = False
    answer = sign_in(Role.COORDINATOR).post(f"/channels/{approved()}/connect", data=FORMS[Network.FACEBOOK])
    assert answer.status_code == 422
    assert "token-of-the-page" not in answer.text
    assert "secret-of-the-app" not in answer.text


def test_everybody_may_look_up_which_accounts_are_the_schools(client, connected, school):
    connected()
    page = client.get(f"/official-accounts/{school.slug}")
    assert page.status_code == 200
    assert "bramleyhill" in page.text
    assert "office@school.example" not in page.text


def test_an_account_that_is_only_proposed_is_not_official(client, propose, school):
    propose()
    assert "bramleyhill" not in client.get(f"/official-accounts/{school.slug}").text.replace(school.slug, "")


def test_an_unknown_school_is_told_in_words(client, school):
    answer = client.get("/official-accounts/nowhere")
    assert answer.status_code == 404
    assert "There is no school called nowhere." in answer.text


def test_the_product_alone_may_pause(leader, coordinator):
    assert not leader.may(Permission.POST_PUBLISH)
    assert not coordinator.may(Permission.POST_PUBLISH)
