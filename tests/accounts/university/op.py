"""An OpenID provider whose keys and tokens a test decides."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from hackathon.base.core import clock


class Key:
    """A private key, made when it is first used, and what the provider publishes of it."""

    def __init__(self, alg: str, kid: str | None, /, **published: Any) -> None:
        self.alg, self.kid, self.also_published = alg, kid, published

    @cached_property
    def private(self) -> Any:
        if self.alg.startswith("ES"):
            return ec.generate_private_key(ec.SECP256R1())
        return rsa.generate_private_key(65537, 2048)

    @property
    def published(self) -> dict[str, Any]:
        kind: Any = jwt.algorithms.get_default_algorithms()[self.alg]
        public = json.loads(kind.to_jwk(self.private.public_key()))
        named = {"kid": self.kid} if self.kid else {}
        return {**public, "use": "sig", **named, **self.also_published}

    def sign(self, claims: dict[str, Any]) -> str:
        headers = {"kid": self.kid} if self.kid else None
        return jwt.encode(claims, self.private, algorithm=self.alg, headers=headers)


@dataclass
class Op:
    key: Key
    url: str = ""
    keys: list[Key] = field(default_factory=list)  # that it publishes
    claims: dict[str, Any] = field(default_factory=dict)  # that differ; None is left out
    encode: Callable[[dict[str, Any]], str] | None = None  # instead of signing with `key`
    asked: list[str] = field(default_factory=list)
    nonce: str = ""

    def now(self) -> int:
        return int(clock.now().timestamp())

    def token(self) -> str:
        now = self.now()
        usual = {
            "iss": self.url,
            "aud": "ccd",
            "sub": "s-1",
            "nonce": self.nonce,
            "iat": now,
            "exp": now + 300,
        }
        claims = {k: v for k, v in (usual | self.claims).items() if v is not None}
        return (self.encode or self.key.sign)(claims)

    def answer(self, path: str) -> Any:
        self.asked.append(path)
        return {
            "/.well-known/openid-configuration": {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/auth",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "jwks_uri": f"{self.url}/keys",
            },
            "/keys": {"keys": [key.published for key in self.keys]},
            "/token": {"access_token": "a", "token_type": "Bearer", "id_token": self.token()},
            "/userinfo": {"sub": "s-1", "email": "ada@univ.example", "name": "Ada"},
        }[path]

    def sign_in(self, url: str) -> str:
        """As a browser at `/auth`: the address to which it is sent back."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.nonce = query["nonce"]
        return f"{query['redirect_uri']}?{urlencode({'code': 'c', 'state': query['state']})}"


@contextmanager
def running_op(key: Key) -> Iterator[Op]:
    op = Op(key, keys=[key])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(op.answer(urlsplit(self.path).path)).encode())

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    op.url = f"http://127.0.0.1:{server.server_port}"
    yield op
    server.shutdown()
    server.server_close()
