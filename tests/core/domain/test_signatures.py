"""Signatures: the same as everybody's, and nothing else is believed."""

import base64
import hashlib
import hmac
import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from core.domain.signatures import BadSignature, Verified, new_secret, read_claim, secret_bytes, sign, verify

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # test vector
ID, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, b'{"test": 2432232314}'
# The vector printed in the specification's own reference libraries.
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def headers(id: str = ID, at: object = AT, signature: str = SIGNATURE) -> dict[str, str]:
    return {"webhook-id": id, "webhook-timestamp": str(at), "webhook-signature": signature}


def accepted(
    given_headers: dict[str, str], body: bytes = BODY, now: int = AT, secrets: tuple[str, ...] = (SECRET,)
) -> bool:
    try:
        verify(given_headers, body, secrets, now)
    except BadSignature:
        return False
    return True


def test_the_reference_vector_is_signed_and_believed() -> None:
    """Our signature of the specification's example is the specification's."""
    assert sign(SECRET, ID, AT, BODY) == SIGNATURE
    assert verify(headers(), BODY, [SECRET], AT) == Verified(ID, AT)


# Test case 4: its key is one of 25 bytes, as a secret of ours may be.
def test_the_digest_is_the_rfcs() -> None:
    """The HMAC under it all is RFC 4231's, also when a secret is used again."""
    key, digest = bytes(range(1, 26)), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
    assert hmac.new(key, b"\xcd" * 50, hashlib.sha256).hexdigest() == digest

    secret = "whsec_" + base64.b64encode(key).decode()
    for body in (b"first", b"second", b"first"):
        expected = hmac.new(key, b"msg_1.%d." % AT + body, hashlib.sha256).digest()
        assert sign(secret, "msg_1", AT, body) == "v1," + base64.b64encode(expected).decode()


@given(
    key=st.binary(min_size=24, max_size=64), id=st.from_regex(r"[A-Za-z0-9_-]{1,255}", fullmatch=True), text=st.text()
)
def test_the_reference_library_signs_the_same(key: bytes, id: str, text: str) -> None:
    """Whatever the reference library signs, we sign alike, and each believes the other."""
    secret = "whsec_" + base64.b64encode(key).decode()
    theirs = Webhook(secret).sign(id, datetime.fromtimestamp(AT, tz=UTC), text)

    assert sign(secret, id, AT, text.encode()) == theirs
    assert accepted(headers(id, AT, theirs), text.encode(), secrets=(secret,))


def test_no_single_flipped_bit_is_believed() -> None:
    """Of 40 signed requests, no body, id, time or signature with one bit flipped passes."""
    chance = random.Random(7)
    believed = 0
    for _ in range(40):
        secret, id, body = new_secret(), f"evt_{chance.getrandbits(40):x}", chance.randbytes(chance.randint(1, 60))
        parts = [id.encode(), str(AT).encode(), sign(secret, id, AT, body).encode(), body]
        for index, part in enumerate(parts):
            for bit in range(len(part) * 8):
                flipped = bytearray(part)
                flipped[bit // 8] ^= 1 << bit % 8
                changed = [*parts[:index], bytes(flipped), *parts[index + 1 :]]
                claimed = [value.decode("latin-1") for value in changed[:3]]
                believed += accepted(headers(*claimed), changed[3], secrets=(secret,))

    assert believed == 0


@pytest.mark.parametrize(("away", "believed"), [(-301, False), (-300, True), (0, True), (300, True), (301, False)])
def test_a_request_is_believed_for_five_minutes(away: int, believed: bool) -> None:
    """The clocks may differ by 300 seconds either way, and not by one more."""
    assert accepted(headers(), now=AT + away) is believed


def test_two_secrets_hold_while_one_is_replaced() -> None:
    """Either secret is enough, and one good signature among others is enough."""
    old, new = new_secret(), new_secret()
    signed = " ".join((sign(new_secret(), ID, AT, BODY), "v1a,c29tZXRoaW5n", sign(old, ID, AT, BODY)))

    assert accepted(headers(signature=signed), secrets=(new, old))
    assert accepted(headers(signature=sign(new, ID, AT, BODY)), secrets=(new, old))
    assert not accepted(headers(signature=signed), secrets=(new,))


def test_a_shop_without_a_secret_believes_nobody() -> None:
    """No secrets, no trust."""
    assert not accepted(headers(), secrets=())


@pytest.mark.parametrize(
    "change",
    [
        {"id": ""},
        {"id": "with.dot"},
        {"id": "x" * 256},
        {"id": "naïve"},
        {"id": ID + "\n"},
        {"at": "abc"},
        {"at": "1614265330.7"},
        {"at": " 161426533"},
        {"at": "161_426_53"},
        {"at": "١٦١٤٢٦٥٣٣٠"},
        {"at": "01614265330"},
        {"at": "-161426533"},
        {"signature": ""},
        {"signature": "v1"},
        {"signature": SIGNATURE + "\n"},
        {"signature": SIGNATURE + " "},
        {"signature": "v2" + SIGNATURE[2:]},
        {"signature": SIGNATURE.replace("v1", "V1")},
        {"signature": "v1,ünïcode="},
        {"signature": " ".join(["v1,AAAA"] * 10 + [SIGNATURE])},
    ],
)
def test_a_header_outside_the_grammar_is_refused(change: dict[str, str]) -> None:
    """The headers are read strictly, so that what libraries trip over never reaches a key."""
    assert not accepted(headers(**change))


def test_missing_headers_are_refused() -> None:
    """Each of the three headers is needed."""
    for name in headers():
        assert not accepted({key: value for key, value in headers().items() if key != name})


@given(id=st.text(), at=st.text(), signature=st.text(), body=st.binary())
def test_hostile_headers_raise_only_a_bad_signature(id: str, at: str, signature: str, body: bytes) -> None:
    """Whatever comes in the headers, the answer is no, and never another error."""
    assert not accepted(headers(id, at, signature), body)
    assert not accepted(headers(signature=signature), body)
    assert not accepted(headers(at=at), body)


@given(st.dictionaries(st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature", "other"]), st.text()))
def test_a_claim_is_read_or_refused(given_headers: dict[str, str]) -> None:
    """Reading the headers alone raises nothing else either."""
    try:
        claim = read_claim(given_headers)
    except BadSignature:
        return
    assert 1 <= len(claim.signatures) <= 10


def test_a_new_secret_is_32_bytes_of_chance() -> None:
    """Fresh secrets are well-formed and differ."""
    first, second = new_secret(), new_secret()

    assert len(secret_bytes(first)) == 32
    assert first != second


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_" + base64.b64encode(b"x" * 23).decode(),
        "whsec_" + base64.b64encode(b"x" * 65).decode(),
        "whsec_" + base64.b64encode(b"x" * 32).decode().rstrip("="),
        "whsec_" + base64.b64encode(b"x" * 32).decode() + "\n",
        "whsec_" + "é" * 40,
        "whsec_" + "!" * 40,
        "whsec_" + base64.b64encode(b"x" * 31).decode()[:-2] + "B=",  # bits that decoding throws away
    ],
)
def test_a_malformed_secret_is_refused(secret: str) -> None:
    """A secret is canonical base64 of 24 to 64 bytes; the message does not repeat it."""
    with pytest.raises(ValueError, match="A secret is whsec_") as caught:
        secret_bytes(secret)

    assert len(secret) < 8 or secret not in str(caught.value)
