"""Verifies a proof of a deposit: python3 verify_proof.py PROOF DIGEST [FILE…]

PROOF is a file of « Prouver », an answer of the API, or the manifest that everybody may download.
DIGEST is what was photographed: at least 16 hexadecimal digits, from the first one. The exit code
is 1 if anything differs. Written from docs/seals.md alone; it shares no code with the site.
"""

import base64
import hashlib
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def document_of(text: str) -> Any:
    """The JSON inside a file of « Prouver », or the file itself."""
    inside = re.search(
        r'<script id="proof" type="application/json">(.*?)</script>', text, re.DOTALL
    )
    return json.loads(inside[1] if inside else text)


def leaf_of(proof: Any) -> bytes:
    if "manifest" not in proof:
        return base64.b64decode(proof["leaf"])
    return json.dumps(
        proof["manifest"], sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


def nodes_of(proof: Any) -> list[bytes]:
    """The hashes from the leaf to the root; an empty one if the path does not fit."""
    index, last, path = proof["index"], proof["tree_size"] - 1, list(proof["path"])
    nodes = [sha256(b"\x00", leaf_of(proof))]
    if not 0 <= index <= last:
        return [b""]
    while last:
        if index % 2 or index < last:
            if not path:
                return [b""]
            beside = bytes.fromhex(path.pop(0))
            pair = (beside, nodes[-1]) if index % 2 else (nodes[-1], beside)
            nodes.append(sha256(b"\x01", *pair))
        index, last = index // 2, last // 2
    return nodes if not path else [b""]


def differences(document: Any, digest: str, files: Iterable[str] = ()) -> list[str]:
    digest = "".join(digest.lower().split())
    if not re.fullmatch("[0-9a-f]{16,64}", digest):
        return ["digest: at least 16 hexadecimal digits"]
    proofs, found = document.get("proofs", [document]), []
    proven = [proof for proof in proofs if nodes_of(proof)[-1].hex().startswith(digest)]
    if not proven:
        found.append("not in the seal with this digest")
    for proof in proven or proofs:
        nodes = [node.hex() for node in nodes_of(proof)]
        written = [*proof.get("nodes", nodes)[: len(nodes) - 1], proof["root"]]
        wrong = [step for step, node in enumerate(nodes) if written[step : step + 1] != [node]]
        if wrong:
            where = f"step {wrong[0]} of the path" if wrong[0] else "leaf"
            found.append("root" if wrong == [len(nodes) - 1] else where)
        if "receipt" in proof and proof["receipt"].encode() != leaf_of(proof):
            found.append("receipt: not what the leaf says")
    for name in files if proven else ():
        deposit = json.loads(leaf_of(proven[0]))["deposit"]
        found += file_differences(name, deposit["sha256"], document.get("blocks"))
    return found


def file_differences(name: str, digest: str, blocks: Any) -> list[str]:
    content = Path(name).read_bytes()
    if hashlib.sha256(content).hexdigest() == digest:
        return []
    found = [f"{name}: not what was received"]
    size = blocks["size"] if blocks else 1
    for at, received in enumerate(blocks["digests"] if blocks else ()):
        if hashlib.sha256(content[at * size : (at + 1) * size]).hexdigest() != received:
            found.append(f"{name}: differs in bytes {at * size} to {(at + 1) * size - 1}")
    return found


if __name__ == "__main__":
    found = differences(document_of(Path(sys.argv[1]).read_text()), sys.argv[2], sys.argv[3:])
    print("\n".join(found) or "The receipt is in the seal with this digest.")
    sys.exit(bool(found))
