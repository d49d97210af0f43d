"""A bare wechatpy behind Starlette, as its documentation shows it: it opens a callback, stores nothing, and says 200.

``python -m tests.benchmarks.peers.bare_wechatpy PORT TOKEN AES_KEY CORP_ID``
"""

import logging
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from wechatpy.enterprise import parse_message
from wechatpy.enterprise.crypto import WeChatCrypto


def main(port: str, token: str, aes_key: str, corp_id: str) -> None:
    """Serve until killed."""
    logging.disable(logging.ERROR)
    crypto = WeChatCrypto(token, aes_key, corp_id)

    async def callback(request: Request) -> Response:
        asked = request.query_params
        given = (asked["msg_signature"], asked["timestamp"], asked["nonce"])
        parse_message(crypto.decrypt_message(await request.body(), *given))
        return Response()

    app = Starlette(routes=[Route("/wecom/callback", callback, methods=["POST"])])
    uvicorn.run(app, port=int(port), log_config=None, access_log=False, lifespan="off")


if __name__ == "__main__":
    main(*sys.argv[1:])
