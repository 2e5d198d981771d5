"""The last step to many sockets: a message is framed once and written to each as it is.

`uvicorn --ws hackathon.core.sockets.framing:FramedOnce`. Without it, or on another server, the same
messages
are framed for each socket anew, which is correct and costs more.
"""

from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

TEXT, FINAL = 0x1, 0x80


def message_of(text: str) -> dict[str, Any]:
    """The ASGI message that sends `text`, with its frame (RFC 6455, 5.2) for whoever knows it."""
    payload = text.encode()
    length = len(payload)
    if length < 126:
        head = bytes([FINAL | TEXT, length])
    elif length < 65_536:
        head = bytes([FINAL | TEXT, 126]) + length.to_bytes(2)
    else:
        head = bytes([FINAL | TEXT, 127]) + length.to_bytes(8)
    return {"type": "websocket.send", "text": text, "frame": head + payload}


class FramedOnce(WebSocketsSansIOProtocol):
    """uvicorn's own, with a short way for messages that bring their frame."""

    async def send(self, message: Any) -> None:
        """Write the frame, where nothing stands between it and the socket; else as uvicorn does."""
        if "frame" in message and self._is_open():
            self.transport.write(message["frame"])
        else:
            await super().send(message)

    def _is_open(self) -> bool:
        return (
            self.handshake_complete
            and self.writable.is_set()
            and not self.close_sent
            and not self.conn.extensions  # a frame may not be compressed behind their back
            and not self.transport.is_closing()
        )
