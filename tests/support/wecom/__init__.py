"""
WeCom for tests: a strict fake of its API, and phones in the hands of the sample company.

The fixture `wecom_stand` (tests/support/wecom/plugin.py, known to every test) gives a fresh company with everybody of
the sample company (程小满 is ChengXiaoman), a robot for every department's group and the product's app. Point the
product at it and put phones into people's hands:

    from tests.support.wecom.driver import WeCom
    from tests.support.wecom.senders import over_http, through
    from tests.support.wecom.stand import Stand

    def test_a_complaint_by_chat(wecom_stand: Stand) -> None:
        settings = wecom_stand.settings           # corp_id, agent_id, secret, token, aes_key, api_base_url
        wecom = WeCom(wecom_stand, through(app_made_with(settings)))     # or over_http("http://127.0.0.1:8080")
        phone = wecom.phone("程小满")               # by name or userid
        phone.menu("报投诉")                        # by name or key
        phone.say("瀚途")
        phone.photo(PNG, JPEG)                    # each a message of its own; bytes are had by MediaId or PicUrl
        phone.tap(phone.card("严重吗"), "提交", choose={"严重吗": "严重", "停线吗": "否"})
        assert "TS-2026-0001" in phone.message("已登记").text
        phone.again()                             # the same callback, byte for byte

`phone.messages()`, `cards()` and `latest()` are what the app said as it stands now, oldest first; `message(words)` and
`card(words)` wait a little, and `waiting.eventually(lambda: ...)` waits for anything else. Each is a Bubble: `kind`,
`body` (its JSON), `text` (as a person reads it), `picture` and `file` as bytes, `buttons`, `greyed`, `mentioned`.
`tap(card, "接收")` presses what stands there now, `stale=True` what stood there when it was looked at; `enter()`,
`voice()`, `place()`, `event(name, ...)` are the rest; `phone.link(bubble, label)` is the address behind a label and
`phone.sign_in(url)` where an OAuth2 link leads, with code and state.

Every callback is encrypted, has five seconds (`wecom.patience`) and three more tries; `phone.delivery` tells the
`statuses` of all tries, the `reply` and whether it was `taken`; `wecom.lost` are those that were not.
`WeCom(stand, send, encrypter)` takes who encrypts: ours, or Tencent's own (`wecom_encrypter` runs a test with both,
`wecom_tencent` with Tencent's alone). `wecom.verify()` is 保存 on the page 接收消息.

The fake itself: `inbox(userid)`, `chat(chatid)`, `robot(key)` are what was delivered; `key(group)` and `webhook(group)`
lead to a robot; `calls`, `called(path)`, `count(path)` are every call, paths without /cgi-bin/; `dropped`, `refused`,
`cut` what was lost, refused, or longer than a phone shows. `fail`, `html`, `empty`, `http_error`, `slow`, `drop` (lost
before it is done) and `lose_reply` (done, nobody hears) plan faults; `revoke_tokens()`, `app` (callback, root, domain,
menu) and `world` (`trusted_ips`, `limits`, `expired_as`) are what an administrator or WeCom does; `set_clock(clock)` is
the story's time. A payload that WeCom would refuse, a text that it cuts, a message that it drops and a malformed answer
fail the test at its end, unless it took them away with `forgive()`; answers about how things stand (an expired token, a
busy system, too many calls, nobody there) do not.
"""
