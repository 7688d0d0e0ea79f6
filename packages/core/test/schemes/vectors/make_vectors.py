"""Fills in what each vector's `signed` must be: `python3 make_vectors.py`.

Reads and writes the JSON files beside it with Python's standard library and nothing of
Countersign, so that the expected values are a second opinion and not our own output.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import urllib.parse

DAY = 86_400


def mac(vector, message):
    return hmac.new(vector["secret"].encode(), message, hashlib.sha256).digest()


def compact(members):
    return json.dumps(members, separators=(",", ":"), ensure_ascii=False)


def present(members):
    """Empty text counts as absent, as None does."""
    return {name: value for name, value in members.items() if value not in (None, "")}


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def base_url(vector, vendor):
    return vector["portal"].get("baseUrl", vendor).rstrip("/")


def end(vector, usual):
    return vector["now"] + vector["options"].get("expiresIn", usual) * 1000


def featkit(vector, other):
    user, ends = vector["user"], end(vector, DAY) // 1000
    text = other.get("text") or compact({
        "user_id": str(user["id"]),
        "email": user.get("email") or None,
        "name": user.get("name") or None,
        "timestamp": vector["now"] // 1000,
        "expires": ends,
    })
    payload = base64.urlsafe_b64encode(text.encode()).decode()
    payload = payload if other.get("padding", True) else payload.rstrip("=")
    token = f"{payload}.{mac(vector, payload.encode()).hex()}"
    page = f"{base_url(vector, 'https://featkit.com')}/p/{vector['portal']['slug']}"
    return {"text": text, "url": f"{page}?token={token}", "token": token, "expiresAt": ends * 1000}


def seggwat(vector, other):
    user, ends, key = vector["user"], end(vector, 3600) // 1000, vector["portal"]["projectKey"]
    text = other.get("text") or compact(present({
        "sub": str(user["id"]),
        "email": user.get("email"),
        "name": user.get("name"),
        "subscription_id": user.get("subscriptionId"),
        "exp": ends,
        "iat": vector["now"] // 1000,
        "project_key": key,
    }))
    payload, covered = base64url(text.encode()), text
    if vector["portal"].get("mode") == "jwt":
        header = other.get("header", '{"alg":"HS256","typ":"JWT"}')
        payload = covered = f"{base64url(header.encode())}.{payload}"
    token = f"{payload}.{base64url(mac(vector, covered.encode()))}"
    url = f"{base_url(vector, 'https://seggwat.com')}/p/{key}?token={token}"
    url += "&embed=true" if vector["options"].get("embed") else ""
    return {"text": text, "url": url, "token": token, "expiresAt": ends * 1000}


def harlyy(vector, other):
    ends, portal = end(vector, 7 * DAY), vector["portal"]
    text = other.get("text") or compact({"nonce": vector["options"]["nonce"], "exp": ends})
    payload = base64.b64encode(text.encode()).decode()
    token = f"{payload}.{base64.b64encode(mac(vector, payload.encode())).decode()}"
    survey = f"{portal['businessId']}/{portal['surveyId']}"
    sig = urllib.parse.quote(token, safe="!'()*-._~")  # as encodeURIComponent
    url = f"{base_url(vector, 'https://survey.harlyy.com')}/{survey}?sig={sig}"
    ends = json.loads(text).get("exp")
    return {"text": text, "url": url, "token": token, "expiresAt": ends}


def fdback(vector, other):
    user, timestamp = vector["user"], str(vector["now"])
    members = {name: user.get(name) for name in ("email", "name", "avatar")}
    body = other.get("text") or compact(present(members))
    headers = {
        "x-workspace-id": vector["portal"]["workspaceId"],
        "x-timestamp": timestamp,
        "x-signature": mac(vector, f"{timestamp}.{body}".encode()).hex(),
    }
    url = f"{base_url(vector, 'https://app.fdback.io')}/api/auth/sdk-login"
    return {"url": url, "headers": headers, "body": body, "expiresAt": vector["now"] + 300_000}


for sign in (featkit, seggwat, harlyy, fdback):
    page = pathlib.Path(__file__).with_name(f"{sign.__name__}.json")
    vectors = json.loads(page.read_text("utf-8"))
    for vector in vectors:
        vector["signed"] = sign(vector, vector.get("other", {}))
    page.write_text(json.dumps(vectors, indent=2) + "\n", "ascii")
