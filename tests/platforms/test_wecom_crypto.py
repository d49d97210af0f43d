"""The cipher of callbacks: ours, Tencent's own and the product's library read each other, and all know the answers."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.enterprise.crypto import WeChatCrypto

from tests.support.wecom import golden
from tests.support.wecom.crypto import CipherError, Encrypter, Own
from tests.support.wecom.tencent import Tencent

KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
TOKEN, CORP = "QDG6eK", "wx5823bf96d3bd56c7"

HELLO = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3"
    "TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gs"
    "ijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUa"
    "x5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIG"
    "HBZZIs2pDBS8R07+qN+E7Q=="
)
ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="


def test_the_answers_of_the_documentation(wecom_encrypter: Encrypter) -> None:
    """
    The two samples of WeCom's own page: signatures, the message of 284 bytes, the words of the echo.
    """
    assert wecom_encrypter.sign(TOKEN, "1409659813", "1372623149", HELLO) == "477715d11cdb4164915debcba66cb864d751f3e6"
    words, receiver = wecom_encrypter.decrypt(KEY, HELLO)
    assert (len(words.encode()), receiver) == (284, CORP)
    assert "<Content><![CDATA[hello]]></Content>" in words
    assert wecom_encrypter.sign(TOKEN, "1409659589", "263014780", ECHO) == "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"
    assert wecom_encrypter.decrypt(KEY, ECHO) == ("1616140317555161061", CORP)


def test_golden_vectors_are_written_and_read(wecom_encrypter: Encrypter) -> None:
    """
    What Tencent's own once wrote, everybody writes to the byte, and reads.
    """
    assert golden.made(wecom_encrypter) == golden.kept()
    for vector in golden.kept():
        read = wecom_encrypter.decrypt(vector["aes_key"], vector["cipher"])
        assert read == (vector["words"], vector["receiver"])


def test_golden_vectors_are_read_by_the_products_library() -> None:
    """
    The library reads them too, and its own are read.
    """
    for vector in golden.kept():
        library = WeChatCrypto(vector["token"], vector["aes_key"], vector["receiver"])
        outside = {"Encrypt": vector["cipher"]}
        read = library.decrypt_message(outside, vector["signature"], vector["timestamp"], vector["nonce"])
        assert read == vector["words"]
    library = WeChatCrypto(TOKEN, KEY, CORP)
    assert "你好" in Own().decrypt(KEY, library.encrypt_message("你好", "1", "2").split("CDATA[")[1].split("]")[0])


@settings(max_examples=50)
@given(words=st.text(st.characters(exclude_categories=["Cs"])), receiver=st.text("abc123", max_size=20))
def test_any_words_go_through(wecom_tencent: Tencent, words: str, receiver: str) -> None:
    """
    Whatever one of them writes, the other reads; the signatures are the same.
    """
    own = Own()
    assert wecom_tencent.decrypt(KEY, own.encrypt(KEY, words, receiver)) == (words, receiver)
    cipher = wecom_tencent.encrypt(KEY, words, receiver)
    assert own.decrypt(KEY, cipher) == (words, receiver)
    assert own.sign(TOKEN, "1", receiver, cipher) == wecom_tencent.sign(TOKEN, "1", receiver, cipher)


@given(noise=st.binary(max_size=100))
def test_noise_is_no_message(noise: bytes) -> None:
    """
    What was not written with the key is refused by name, whatever it is.
    """
    with pytest.raises(CipherError):
        Own().decrypt(KEY, base64.b64encode(noise).decode())
