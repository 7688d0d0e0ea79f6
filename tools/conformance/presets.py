#!/usr/bin/env python3
"""Writes data/presets.json: what the presets must sign and answer, made without their code.

Python's standard library is all it uses: python3 tools/conformance/presets.py
With --print it prints them instead.
"""
import base64
import hashlib
import hmac
import json
import sys
from pathlib import Path
from urllib.parse import quote, urlencode

NOW = 1_789_000_000
SECRET = 'presets-secret-A-0123456789abcdef0123456789'
PREVIOUS = 'presets-secret-B-previous-0123456789abcdef0'
STRANGER = 'presets-secret-of-a-stranger-0123456789abcd'
HEX_KEY = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e00'
ADA = {'id': 7, 'email': 'ada@example.com', 'name': 'Ada Okafor', 'avatar': 'https://example.com/ada.png'}
OK, MISSING, AMBIGUOUS = '200', '401 credential_missing', '400 credential_ambiguous'
MALFORMED, FORGED, ALGORITHM = '401 token_malformed', '401 signature_invalid', '401 algorithm_not_allowed'
EXPIRED, EARLY, LONG = '401 token_expired', '401 token_not_yet_valid', '401 lifetime_exceeded'
CLAIMS, AUDIENCE, REPLAYED = '401 claims_invalid', '401 audience_mismatch', '401 token_replayed'


def mac(secret, text, algorithm='sha256'):
    key = secret if isinstance(secret, bytes) else secret.encode()
    data = text if isinstance(text, bytes) else text.encode()
    return hmac.new(key, data, algorithm)


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


def dump(value):
    return json.dumps(value, separators=(',', ':'), ensure_ascii=False)


def sealed(header, payload, secret=SECRET, algorithm='sha256'):
    """A JWT of exactly these texts."""
    text = f'{b64url(header.encode())}.{b64url(payload.encode())}'
    return f'{text}.{b64url(mac(secret, text, algorithm).digest())}'


class Jwt:
    """A preset whose credential is a JWT."""

    def __init__(self, preset, portal, claims, user, parameter, id_claim, life, kid=None, field=False, expires=True):
        self.preset, self.portal, self.parameter, self.field = preset, portal, parameter, field
        self.times = {'iat': NOW, **({'exp': NOW + 3600} if expires else {'jti': 'n-1'})}
        self.claims, self.user, self.id_claim, self.life = claims, user, id_claim, life
        self.header = {'alg': 'HS256', 'typ': 'JWT', **({'kid': kid} if kid else {})}
        self.expires = expires

    def token(self, secret=SECRET, header=None, algorithm='sha256', **changes):
        claims = {**self.claims, **self.times, **changes}
        claims = {name: value for name, value in claims.items() if value is not ABSENT}
        return sealed(dump(self.header if header is None else header), dump(claims), secret, algorithm)

    def request(self, token):
        if self.field:
            form = {'content-type': 'application/x-www-form-urlencoded'}
            return {'method': 'POST', 'headers': form, 'body': urlencode({self.parameter: token})}
        return {'query': f'{self.parameter}={token}'}

    def cases(self):
        def row(about, token, expected, user=None):
            return case(self.preset, self.portal, about, [self.request(token)], expected, user)

        payload = dump({**self.claims, **self.times})
        token = self.token()
        yield row('a valid token', token, OK, self.user)
        yield row('the previous secret', self.token(secret=PREVIOUS), OK, self.user)
        yield row('a time of issue with a fraction', self.token(iat=NOW - 0.5), OK, self.user)
        yield row('no `typ` in the header', self.token(header={k: v for k, v in self.header.items() if k != 'typ'}), OK, self.user)
        yield row('an unknown claim without a value', self.token(note=None), OK)
        yield row('the secret of a stranger', self.token(secret=STRANGER), FORGED)
        changed = self.token(email='admin@example.com').rsplit('.', 1)[0]
        yield row('a changed payload', f"{changed}.{token.rsplit('.', 1)[1]}", FORGED)
        yield row('another algorithm', self.token(header={**self.header, 'alg': 'HS512'}, algorithm='sha512'), ALGORITHM)
        yield row('another algorithm, and a signature of the right length', self.token(header={**self.header, 'alg': 'HS512'}), ALGORITHM)
        yield row('no algorithm', sealed(dump({**self.header, 'alg': 'none'}), payload).rsplit('.', 1)[0] + '.', MALFORMED)
        yield row('a critical extension', self.token(header={**self.header, 'crit': ['exp']}), MALFORMED)
        yield row('two segments', '.'.join(token.split('.')[1:]), MALFORMED)
        yield row('four segments', f'{token}.x', MALFORMED)
        yield row('a padded signature', f'{token}%3D', MALFORMED)
        yield row('a signature in hex', token.rsplit('.', 1)[0] + '.' + mac(SECRET, token.rsplit('.', 1)[0]).hexdigest(), MALFORMED)
        yield row('a list as payload', sealed(dump(self.header), f'[{payload}]'), MALFORMED)
        yield row('a user that is there twice', sealed(dump(self.header), '{"%s":"admin",%s' % (self.id_claim, payload[1:])), MALFORMED)
        yield row('a payload that is not UTF-8', latin1(self.header), MALFORMED)
        yield row('issued 30 s in the future', self.token(iat=NOW + 30), OK, self.user)
        yield row('issued 31 s in the future', self.token(iat=NOW + 31), EARLY)
        yield row('a time of issue as text', self.token(iat=str(NOW)), CLAIMS)
        if self.id_claim != 'email':
            yield row('a numeric id', self.token(**{self.id_claim: 12}), OK)
            for value in ('', ' 7', 'null', 'undefined', '[object Object]', 'x' * 256, 'a\u0000b', 7.5, True, ['7']):
                yield row(f'the id {dump(value)[:20]}', self.token(**{self.id_claim: value}), CLAIMS)
        yield row('an e-mail address without @', self.token(email='ada'), CLAIMS)
        yield row('an e-mail address that is a list', self.token(email=['ada@example.com']), CLAIMS)
        if self.expires:
            yield row('expires now', self.token(exp=NOW), EXPIRED)
            yield row('expires in a second', self.token(exp=NOW + 1, iat=NOW - 5), OK, self.user)
            yield row('no expiry', self.token(exp=ABSENT), CLAIMS)
            yield row('an expiry in milliseconds', self.token(exp=(NOW + 3600) * 1000), CLAIMS)
            yield row('an expiry as text', self.token(exp=str(NOW + 3600)), CLAIMS)
            yield row('the longest life', self.token(exp=NOW + self.life), OK, self.user)
            yield row('more than the longest life', self.token(exp=NOW + self.life + 31), LONG)
            yield row('an expiry before its issue', self.token(exp=NOW + 5, iat=NOW + 6), CLAIMS)
        else:
            yield row('as old as it may be', self.token(iat=NOW - self.life), OK, self.user)
            yield row('older than it may be', self.token(iat=NOW - self.life - 1), EXPIRED)
            yield row('no time of issue', self.token(iat=ABSENT), CLAIMS)
        yield case(self.preset, self.portal, 'nothing', [{'query': ''}], MISSING)
        if not self.field:
            yield case(self.preset, self.portal, 'the token twice', [{'query': f'{self.parameter}={token}&{self.parameter}={token}'}], AMBIGUOUS)
            yield case(self.preset, self.portal, 'the token as a list', [{'query': f'{self.parameter}[]={token}'}], AMBIGUOUS)


ABSENT = object()


def latin1(header):
    text = f'{b64url(dump(header).encode())}.' + b64url('{"a":"é"}'.encode('latin1'))
    return f'{text}.{b64url(mac(SECRET, text).digest())}'


def case(preset, portal, about, requests, expected, user=None):
    return {'preset': preset, 'portal': portal, 'about': about, 'requests': requests, 'expected': expected, **({'user': user} if user else {})}


def seen(scheme, identity, **more):
    return {'scheme': scheme, 'id': '7', 'email': 'ada@example.com', 'name': 'Ada Okafor', **more, **identity}


COMPANY = {'id': 'c1', 'name': 'Analytical Engines', 'plan': 'pro', 'seats': 12}
AVATAR = ADA['avatar']

JWTS = [
    Jwt('intercom', {}, {'user_id': '7', 'email': ADA['email'], 'name': ADA['name'], 'plan': 'pro'},
        seen('intercom', {}, attributes={'plan': 'pro'}), 'intercom_user_jwt', 'user_id', 86_400),
    Jwt('canny', {'companyId': '5f4a'}, {'id': '7', 'email': ADA['email'], 'name': ADA['name'], 'avatarURL': AVATAR},
        seen('canny', {}, avatar=AVATAR), 'ssoToken', 'id', 86_400),
    Jwt('featurebase', {'organization': 'acme'},
        {'userId': '7', 'email': ADA['email'], 'name': ADA['name'], 'profilePicture': AVATAR,
         'customFields': {'plan': 'pro', 'seats': 3}, 'companies': [COMPANY], 'locale': 'en'},
        seen('featurebase', {}, avatar=AVATAR, customFields={'plan': 'pro', 'seats': 3}, companies=[COMPANY], locale='en'),
        'jwt', 'userId', 86_400),
    Jwt('zendeskMessaging', {'keyId': 'app_1'},
        {'external_id': '7', 'email': ADA['email'], 'name': ADA['name'], 'email_verified': True, 'scope': 'user'},
        seen('zendeskMessaging', {}, emailVerified=True), 'jwt', 'external_id', 86_400, kid='app_1'),
    Jwt('zendesk', {'subdomain': 'acme'},
        {'external_id': '7', 'email': ADA['email'], 'name': ADA['name'], 'organization': 'Engines', 'tags': ['a', 'b'],
         'remote_photo_url': AVATAR, 'user_fields': {'plan': 'pro'}},
        seen('zendesk', {}, organization='Engines', tags=['a', 'b'], avatar=AVATAR, fields={'plan': 'pro'}),
        'jwt', 'external_id', 180, field=True, expires=False),
    Jwt('userjot', {'projectId': 'p1'},
        {'sub': '7', 'email': ADA['email'], 'firstName': 'Ada', 'lastName': 'Okafor', 'avatar': AVATAR,
         'traits': {'plan': 'pro'}, 'companies': [COMPANY], 'iss': 'p1', 'aud': 'userjot'},
        seen('userjot', {}, avatar=AVATAR, traits={'plan': 'pro'}, companies=[COMPANY]), 'jwt', 'sub', 3_600),
]
BY_NAME = {each.preset: each for each in JWTS}


def own_cases():
    """What only one preset has."""
    def row(preset, about, expected, user=None, header=None, **changes):
        jwt = BY_NAME[preset]
        return case(preset, jwt.portal, about, [jwt.request(jwt.token(header=header, **changes))], expected, user)

    yield row('canny', 'no name', CLAIMS, name=ABSENT)
    yield row('canny', 'no e-mail address', CLAIMS, email=ABSENT)
    yield row('canny', 'an avatar that is a script', CLAIMS, avatarURL='javascript:alert(1)')
    yield row('canny', 'an empty avatar', OK, user=seen('canny', {}, avatar=None), avatarURL='')
    yield row('intercom', 'a nested attribute, which is not read', OK, user=seen('intercom', {}, attributes={'plan': 'pro'}), company={'a': 1})
    yield row('canny', 'an empty name', CLAIMS, name='')
    yield row('zendesk', 'an empty name', CLAIMS, name='')
    yield row('intercom', 'no attributes', OK, user=seen('intercom', {}, attributes=None), plan=ABSENT)
    yield row('intercom', 'no e-mail address and no name', OK, user=seen('intercom', {'email': None, 'name': None}, attributes={'plan': 'pro'}), email=ABSENT, name=ABSENT)
    yield row('intercom', 'an attribute with a control character', CLAIMS, plan='a\nb')
    yield row('featurebase', 'companies that are no list', CLAIMS, companies={'id': 'c1'})
    yield row('featurebase', 'a company without an id', CLAIMS, companies=[{'name': 'x'}])
    yield row('featurebase', 'a company that is text', CLAIMS, companies=['c1'])
    yield row('featurebase', 'a company with fields of its own', OK, companies=[{'id': 'c1', 'customFields': {'a': 1}}])
    yield row('featurebase', 'a company nested too deep', CLAIMS, companies=[{'id': 'c1', 'customFields': {'a': {}}}])
    yield row('featurebase', 'too many members', MALFORMED, customFields={f'f{n}': n for n in range(60)})
    yield row('zendeskMessaging', 'another scope', CLAIMS, scope='admin')
    yield row('zendeskMessaging', 'no scope', CLAIMS, scope=ABSENT)
    yield row('zendeskMessaging', 'a scope in a list', CLAIMS, scope=['user'])
    yield row('zendeskMessaging', 'another key id', FORGED, header={'alg': 'HS256', 'typ': 'JWT', 'kid': 'app_2'})
    yield row('zendeskMessaging', 'no key id', MALFORMED, header={'alg': 'HS256', 'typ': 'JWT'})
    yield row('zendeskMessaging', 'a key id with a slash', MALFORMED, header={'alg': 'HS256', 'typ': 'JWT', 'kid': 'app/1'})
    yield row('zendeskMessaging', '`email_verified` as text', CLAIMS, email_verified='true')
    yield row('zendesk', 'no `jti`', CLAIMS, jti=ABSENT)
    yield row('zendesk', 'an empty `jti`', CLAIMS, jti='')
    yield row('zendesk', 'no external id', OK, user=seen('zendesk', {'id': None}, organization='Engines', tags=['a', 'b'], avatar=AVATAR, fields={'plan': 'pro'}), external_id=ABSENT)
    yield row('zendesk', 'a tag that is a number', CLAIMS, tags=[1])
    yield row('zendesk', 'tags as text', CLAIMS, tags='a b')
    yield row('zendesk', 'no name', CLAIMS, name=ABSENT)
    zendesk = BY_NAME['zendesk']
    used = zendesk.request(zendesk.token(jti='n-2'))
    yield case('zendesk', zendesk.portal, 'used before', [used, used], REPLAYED)
    other = zendesk.request(zendesk.token(jti='n-2', name='Grace'))
    yield case('zendesk', zendesk.portal, 'another token with a used `jti`', [used, other], REPLAYED)
    form = {'content-type': 'application/x-www-form-urlencoded'}
    token = zendesk.token()
    yield case('zendesk', zendesk.portal, 'beside the address to return to', [{'method': 'POST', 'headers': form, 'body': urlencode({'return_to': 'https://acme.zendesk.com/', 'jwt': token})}], OK, zendesk.user)
    yield case('zendesk', zendesk.portal, 'twice in the form', [{'method': 'POST', 'headers': form, 'body': f'jwt={token}&jwt={token}'}], AMBIGUOUS)
    yield case('zendesk', zendesk.portal, 'in the query', [{'method': 'POST', 'query': f'jwt={token}'}], MISSING)
    yield case('zendesk', zendesk.portal, 'in a body of another type', [{'method': 'POST', 'headers': {'content-type': 'text/plain'}, 'body': f'jwt={token}'}], MISSING)
    yield row('userjot', 'another project', AUDIENCE, iss='p2')
    yield row('userjot', 'no project', CLAIMS, iss=ABSENT)
    yield row('userjot', 'another audience', CLAIMS, aud='canny')
    yield row('userjot', 'a list of audiences', CLAIMS, aud=['userjot'])
    yield row('userjot', 'a first name only', OK, user={**BY_NAME['userjot'].user, 'name': 'Ada'}, lastName=ABSENT)
    yield row('userjot', 'no name', OK, user={**BY_NAME['userjot'].user, 'name': None}, firstName=ABSENT, lastName='')
    yield row('userjot', 'a first name that is a number', CLAIMS, firstName=1)


IDENTIFIERS = [
    ('identifierHash', 'user_id', 'user_hash', False), ('chatwoot', 'identifier', 'identifier_hash', False),
    ('novu', 'subscriberId', 'subscriberHash', False), ('helpScout', 'email', 'signature', True),
    ('front', 'email', 'userHash', True), ('crisp', 'email', 'signature', True), ('pylon', 'email', 'email_hash', True),
]


def identifier_cases():
    for preset, name, hashed, by_email in IDENTIFIERS:
        key = bytes.fromhex(HEX_KEY) if preset == 'pylon' else SECRET
        who = 'ada+x.y@example.com' if by_email else '7'
        digest = mac(key, who).hexdigest()
        verified = {'scheme': preset, 'id': who, 'email': who if by_email else None, 'name': None}

        def row(about, query, expected, user=None):
            return case(preset, {}, about, [{'query': query}], expected, user)

        def given(identifier):
            return f'{name}={quote(identifier, safe="")}&{hashed}={mac(key, identifier).hexdigest()}'

        yield row('an identifier and its hash', given(who), OK, verified)
        yield row('a name beside them, which nothing vouches for', f'{given(who)}&name=Admin', OK, verified)
        yield row('another identifier', f'{name}=admin%40example.com&{hashed}={digest}', FORGED)
        yield row('the hash of a stranger', f'{name}={quote(who)}&{hashed}={mac(STRANGER, who).hexdigest()}', FORGED)
        yield row('the hash in upper case', f'{name}={quote(who)}&{hashed}={digest.upper()}', MALFORMED)
        yield row('half of the hash', f'{name}={quote(who)}&{hashed}={digest[:32]}', MALFORMED)
        yield row('the hash in base64', f'{name}={quote(who)}&{hashed}={quote(base64.b64encode(bytes.fromhex(digest)), safe="")}', MALFORMED)
        yield row('a part of the identifier before the hash', f'{name}=a&{hashed}=b.{mac(key, "a.b").hexdigest()}', MALFORMED)
        yield row('no hash', f'{name}={quote(who)}', MISSING)
        yield row('an empty hash', f'{name}={quote(who)}&{hashed}=', MISSING)
        yield row('no identifier', f'{hashed}={digest}', MISSING)
        yield row('neither', 'name=Ada', MISSING)
        yield row('two identifiers', f'{name}=admin&{given(who)}', AMBIGUOUS)
        yield row('two hashes', f'{given(who)}&{hashed}={digest}', AMBIGUOUS)
        for wrong in ('null', 'undefined', ' 7', 'a\nb', 'x' * 256):
            yield row(f'the identifier {dump(wrong)[:12]}', given(wrong), CLAIMS)


def discourse(payload, secret=SECRET, text=None, signature=None):
    raw = payload if isinstance(payload, str) else urlencode(payload)
    sso = base64.b64encode(raw.encode()).decode() if text is None else text
    return {'query': urlencode({'sso': sso, 'sig': signature or mac(secret, sso).hexdigest()})}


def discourse_cases():
    portal = {'baseUrl': 'https://forum.example'}
    claims = {'nonce': 'cb68251eefb5211e58c00ff1395f0c0b', 'email': ADA['email'], 'external_id': '7', 'name': ADA['name'],
              'username': 'ada', 'avatar_url': AVATAR, 'bio': 'Engines & more', 'groups': 'staff,beta', 'admin': 'false',
              'moderator': 'true', 'require_activation': 'true', 'custom.tier': '1'}
    user = seen('discourseConnect', {}, username='ada', avatar=AVATAR, bio='Engines & more', groups=['staff', 'beta'],
                admin=False, moderator=True, requireActivation=True, custom={'tier': '1'})
    bare = {name: claims[name] for name in ('nonce', 'email', 'external_id')}
    none = {name: None for name in user}
    plain = base64.b64encode(urlencode(bare).encode()).decode()
    wrapped = ''.join(plain[at:at + 60] + '\n' for at in range(0, len(plain), 60))

    def row(about, request, expected, user=None):
        return case('discourseConnect', portal, about, [request], expected, user)

    yield row('a valid answer', discourse(claims), OK, user)
    yield row('only what is required', discourse(bare), OK, {**none, 'scheme': 'discourseConnect', 'id': '7', 'email': ADA['email']})
    yield row('spaces as %20', discourse(urlencode({**bare, 'name': ADA['name']}).replace('+', '%20')), OK)
    yield row("base64 in Ruby's lines", discourse(bare, text=wrapped), OK)
    yield row('base64 in lines of another length', discourse(bare, text=''.join(plain[at:at + 76] + '\n' for at in range(0, len(plain), 76))), MALFORMED)
    yield row('base64url', discourse(bare, text=base64.urlsafe_b64encode(b'bio=xx???&' + urlencode(bare).encode()).decode()), MALFORMED)
    yield row('base64 without padding', discourse('', text=base64.b64encode(b'nonce=1&a').decode() + 'A'), MALFORMED)
    yield row('the secret of a stranger', discourse(claims, secret=STRANGER), FORGED)
    yield row('a signature of the decoded payload', discourse(claims, signature=mac(SECRET, urlencode(claims)).hexdigest()), FORGED)
    yield row('a signature in upper case', discourse(claims, signature=mac(SECRET, 'x').hexdigest().upper()), MALFORMED)
    yield row('JSON in place of a form', discourse(dump(bare)), MALFORMED)
    yield row('a claim that is there twice', discourse(urlencode(bare) + '&external_id=admin'), MALFORMED)
    yield row('a claim that is there twice, once escaped', discourse(urlencode(bare) + '&external%5Fid=admin'), MALFORMED)
    yield row('a prototype', discourse(urlencode(bare) + '&__proto__=x'), MALFORMED)
    yield row('a form that is not UTF-8', discourse(urlencode(bare) + '&name=%E9'), MALFORMED)
    yield row('as many claims as there may be', discourse({**bare, **{f'x{n}': 'x' for n in range(61)}}), OK)
    yield row('more claims than there may be', discourse({**bare, **{f'x{n}': 'x' for n in range(62)}}), MALFORMED)
    yield row('an empty claim', discourse({**bare, 'name': ''}), OK)
    for name in bare:
        yield row(f'no {name}', discourse({key: value for key, value in bare.items() if key != name}), CLAIMS)
    yield row('an empty nonce', discourse({**bare, 'nonce': ''}), CLAIMS)
    yield row('a flag that is neither true nor false', discourse({**bare, 'admin': 'yes'}), CLAIMS)
    yield row('an empty group', discourse({**bare, 'groups': 'a,,b'}), CLAIMS)
    yield row('an avatar that is a script', discourse({**bare, 'avatar_url': 'javascript:alert(1)'}), CLAIMS)
    yield row('no signature', {'query': urlencode({'sso': plain})}, MISSING)
    yield row('no payload', {'query': urlencode({'sig': mac(SECRET, plain).hexdigest()})}, MISSING)
    yield row('nothing', {'query': ''}, MISSING)
    yield row('two payloads', {'query': 'sso=x&' + discourse(bare)['query']}, AMBIGUOUS)
    used = {'method': 'POST', **discourse({**bare, 'nonce': 'used'})}
    yield case('discourseConnect', portal, 'a nonce that was used before', [used, used], REPLAYED)


def signing_cases():
    """Exact results of a signer: `{ portal, user, options, signed }`."""
    def jwt(preset, header, claims):
        return sealed(dump(header), dump(claims))

    usual, times = {'alg': 'HS256', 'typ': 'JWT'}, {'iat': NOW, 'exp': NOW + 3600}
    end = (NOW + 3600) * 1000

    def row(preset, portal, user, signed, **options):
        return {'preset': preset, 'portal': portal, 'user': user, 'options': options, 'signed': signed}

    token = jwt('intercom', usual, {'user_id': '7', 'email': ADA['email'], 'name': ADA['name'], 'plan': 'pro', **times})
    yield row('intercom', {}, {**ADA, 'attributes': {'plan': 'pro'}}, {'value': token, 'expiresAt': end})
    token = jwt('intercom', usual, {'user_id': '7', **times, 'exp': NOW + 60})
    yield row('intercom', {}, {'id': '7', 'email': None, 'name': ''}, {'value': token, 'expiresAt': (NOW + 60) * 1000}, expiresIn=60)

    token = jwt('canny', usual, {'id': '7', 'email': ADA['email'], 'name': ADA['name'], 'avatarURL': AVATAR, **times})
    url = f'https://canny.io/api/redirects/sso?ssoToken={token}&companyID=5f4a'
    signed = {'url': url, 'token': token, 'expiresAt': end}
    yield row('canny', {'companyId': '5f4a'}, ADA, signed)
    board = 'https://acme.canny.io/feature-requests?a=1&b=2'
    arrival = f'/sign?companyID=5f4a&redirect={quote(board, safe="")}'
    yield row('canny', {'companyId': '5f4a'}, ADA, {**signed, 'url': f'{url}&redirect={quote(board, safe="")}'}, arrival=arrival)

    claims = {'userId': '7', 'email': ADA['email'], 'name': ADA['name'], 'profilePicture': AVATAR,
              'customFields': {'plan': 'pro'}, 'companies': [COMPANY], 'locale': 'de', **times}
    token = jwt('featurebase', usual, claims)
    url = f'https://acme.featurebase.app/api/v1/auth/access/jwt?jwt={token}'
    user = {**ADA, 'customFields': {'plan': 'pro'}, 'companies': [COMPANY], 'locale': 'de'}
    yield row('featurebase', {'organization': 'acme'}, user, {'url': url, 'token': token, 'expiresAt': end})
    back = 'https://ideas.acme.example/b/1'
    yield row('featurebase', {'organization': 'acme', 'returnOrigins': ['https://ideas.acme.example']}, user,
              {'url': f'{url}&return_to={quote(back, safe="")}', 'token': token, 'expiresAt': end}, arrival=f'/sign?return_to={back}')

    kid = {'alg': 'HS256', 'typ': 'JWT', 'kid': 'app_1'}
    claims = {'external_id': '7', 'email': ADA['email'], 'name': ADA['name'], 'email_verified': True, **times, 'scope': 'user'}
    yield row('zendeskMessaging', {'keyId': 'app_1'}, {**ADA, 'emailVerified': True},
              {'value': jwt('zendeskMessaging', kid, claims), 'expiresAt': end})

    claims = {'external_id': '7', 'email': ADA['email'], 'name': ADA['name'], 'organization': 'Engines', 'tags': ['a', 'b'],
              'remote_photo_url': AVATAR, 'user_fields': {'plan': 'pro'}, 'iat': NOW, 'jti': 'n1'}
    token = jwt('zendesk', usual, claims)
    user = {**ADA, 'organization': 'Engines', 'tags': ['a', 'b'], 'fields': {'plan': 'pro'}}
    signed = {'url': 'https://acme.zendesk.com/access/jwt', 'fields': {'jwt': token}, 'expiresAt': (NOW + 180) * 1000}
    yield row('zendesk', {'subdomain': 'acme'}, user, signed, nonce='n1')
    back = 'https://acme.zendesk.com/hc/en-us'
    yield row('zendesk', {'subdomain': 'acme'}, user, {**signed, 'fields': {'jwt': token, 'return_to': back}},
              nonce='n1', arrival=f'/login?return_to={quote(back, safe="")}&timestamp=1')

    claims = {'sub': '7', 'email': ADA['email'], 'firstName': 'Ada', 'lastName': 'Okafor', 'avatar': AVATAR,
              'traits': {'plan': 'pro'}, 'companies': [COMPANY], **times, 'iss': 'p1', 'aud': 'userjot'}
    token = jwt('userjot', usual, claims)
    url = f'https://api.userjot.com/auth/sso?jwt={token}'
    user = {**ADA, 'traits': {'plan': 'pro'}, 'companies': [COMPANY]}
    yield row('userjot', {'projectId': 'p1'}, user, {'url': url, 'token': token, 'expiresAt': end})
    yield row('userjot', {'projectId': 'p1'}, user, {'url': f'{url}&state=a%2Bb', 'token': token, 'expiresAt': end}, arrival='/sign?state=a%2Bb')

    for preset, _, _, by_email in IDENTIFIERS:
        key = bytes.fromhex(HEX_KEY) if preset == 'pylon' else SECRET
        who = ADA['email'] if by_email else '7'
        yield row(preset, {}, ADA, {'value': mac(key, who).hexdigest(), 'identifier': who, 'expiresAt': None})

    portal = {'baseUrl': 'https://forum.example/community'}
    claims = {'external_id': '7', 'email': ADA['email'], 'name': ADA['name'], 'username': 'ada', 'avatar_url': AVATAR,
              'groups': 'a,b', 'admin': 'false', 'require_activation': 'true', 'custom.tier': '1', 'nonce': 'from-the-forum'}
    answer = base64.b64encode(urlencode(claims).encode()).decode()
    signature = mac(SECRET, answer).hexdigest()
    page = 'https://forum.example/community/session/sso_login'
    challenge = base64.b64encode(urlencode({'nonce': 'from-the-forum', 'return_sso_url': page}).encode()).decode()
    user = {**ADA, 'username': 'ada', 'groups': ['a', 'b'], 'admin': False, 'requireActivation': True, 'custom': {'tier': '1'}}
    yield row('discourseConnect', portal, user,
              {'url': f'{page}?sso={quote(answer, safe="")}&sig={signature}', 'token': f'{answer}.{signature}', 'expiresAt': (NOW + 600) * 1000},
              arrival='/sso?' + urlencode({'sso': challenge, 'sig': mac(SECRET, challenge).hexdigest()}))


def main():
    verifying = [each for jwt in JWTS for each in jwt.cases()]
    verifying += [*own_cases(), *identifier_cases(), *discourse_cases()]
    data = {'now': NOW, 'secrets': {'current': SECRET, 'previous': PREVIOUS, 'hex': HEX_KEY},
            'signing': list(signing_cases()), 'verifying': verifying}
    text = json.dumps(data, indent=1, ensure_ascii=False) + '\n'
    if '--print' in sys.argv:
        sys.stdout.buffer.write(text.encode())
    else:
        (Path(__file__).parent / 'data' / 'presets.json').write_text(text)
        print(len(data['signing']), 'to sign,', len(verifying), 'to verify')


main()
