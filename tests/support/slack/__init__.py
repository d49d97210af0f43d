"""
Slack for tests: a third party's emulator behind a strict gate, and phones in the hands of the sample company.

The fixture `slack_stand` (tests/support/slack/plugin.py, known to every test) gives a fresh workspace with everybody of
the sample company, their e-mail addresses and their departments' channels; the bot is in the channels. Point the
product at it and put phones into people's hands:

    from tests.support.slack.phone import Slack
    from tests.support.waiting import eventually
    from tests.support.slack.reading import text_of
    from tests.support.slack.senders import over_http, through
    from tests.support.slack.stand import Stand

    def test_a_complaint_by_modal(slack_stand: Stand) -> None:
        settings = {"bot_token": slack_stand.token, "signing_secret": slack_stand.signing_secret,
                    "api_base_url": slack_stand.api}
        slack = Slack(slack_stand, through(app_made_with(settings)))     # or over_http("http://127.0.0.1:8080")
        phone = slack.phone("程小满")
        phone.command("/guke", "投诉")
        form = phone.form                                                # the modal that stands open before them
        form.fill("顾客", "瀚途").fill("数量", 3).fill("照片", [("孔位.png", PNG)])
        form.submit()
        assert form.errors == {} and phone.modal is None
        assert "TS-2026-0001" in text_of(phone.messages()[-1])           # the conversation with the bot
        phone.press(phone.message("TS-2026-0001", "品保部-客诉群"), "接收")
        phone.again()                                                    # the same request, byte for byte

Labels, block_ids and action_ids all name a field or button. Where the client itself would not submit (a required field,
a number out of bounds) `submit()` is None and `form.errors` says why; what the product finds wrong is there too.
A product may answer first and act afterwards: `phone.form` and `phone.message(words)` wait a little, and
`eventually(lambda: ...)` waits for anything else. `form.choices("顾客", "瀚")` asks the product for options;
`phone.whispers()` is what was shown to one person alone;
`phone.home()` the home; `phone.answer`, `phone.said` and `phone.took` are the last answer, its body and its seconds.

The gate (`slack_stand.gate`): `calls`, `called(method)`, `world.count(method)`; `fail`, `limit`, `http_error`, `slow`,
`drop` (lost before it is done) and `lose_reply` (done, nobody hears); "upload" and "download" are methods here too.
One message per second and channel: `world.paced = False` lifts it, `slack_stand.set_clock(clock)` counts, and stamps
messages, by the story's clock. A file is ready after `world.polls` looks at files.info. Every payload is judged
(judges.py); what Slack would refuse is refused and fails the test at its end, unless it took it away with
`gate.forgive()`. `pings_and_links(payload)` lists every mention and link a client would make; `typecheck.check(world)`
runs Slack's own TypeScript types over everything that went in and out.
"""
