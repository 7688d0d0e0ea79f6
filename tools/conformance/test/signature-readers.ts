/** How another language is started on a script, its input on standard input. */
export interface Reader {
  readonly command: string
  readonly args: readonly string[]
}

// Each script reads a list of { scheme, secret, token | headers, body } as JSON and writes a list:
// the claims where the signature is right, null where it is not. None of it is our own code's.

const python = `
import base64, hashlib, hmac, json, sys

def mac(secret, message):
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).digest()

def plain(text):
    text = text.replace("-", "+").replace("_", "/").rstrip("=")
    return base64.b64decode(text + "=" * (-len(text) % 4))

def read(each):
    if each["scheme"] == "fdback":
        text, headers = each["body"], each["headers"]
        good = mac(each["secret"], headers["x-timestamp"] + "." + text).hex() == headers["x-signature"]
    else:
        signed, _, signature = each["token"].rpartition(".")
        text = plain(signed.split(".")[-1]).decode("utf-8")
        sent = bytes.fromhex(signature) if each["scheme"] == "featkit" else plain(signature)
        good = mac(each["secret"], text if each["scheme"] == "seggwat" else signed) == sent
    return json.loads(text) if good else None

print(json.dumps([read(each) for each in json.load(sys.stdin)]))
`

const php = `
function plain($text) { return base64_decode(strtr($text, '-_', '+/')); }

function read_one($each) {
  if ($each['scheme'] === 'fdback') {
    $text = $each['body'];
    $mac = hash_hmac('sha256', $each['headers']['x-timestamp'] . '.' . $text, $each['secret']);
    return hash_equals($mac, $each['headers']['x-signature']) ? json_decode($text) : null;
  }
  $dot = strrpos($each['token'], '.');
  $signed = substr($each['token'], 0, $dot);
  $signature = substr($each['token'], $dot + 1);
  $segments = explode('.', $signed);
  $text = plain(end($segments));
  $covered = $each['scheme'] === 'seggwat' ? $text : $signed;
  $sent = $each['scheme'] === 'featkit' ? hex2bin($signature) : plain($signature);
  $good = hash_equals(hash_hmac('sha256', $covered, $each['secret'], true), $sent);
  return $good ? json_decode($text) : null;
}

echo json_encode(array_map('read_one', json_decode(stream_get_contents(STDIN), true)));
`

const ruby = `
require 'json'
require 'openssl'

def plain(text)
  text.tr('-_', '+/').unpack1('m')
end

def read(each)
  scheme, secret = each.values_at('scheme', 'secret')
  if scheme == 'fdback'
    text, headers = each.values_at('body', 'headers')
    mac = OpenSSL::HMAC.hexdigest('SHA256', secret, "#{headers['x-timestamp']}.#{text}")
    return mac == headers['x-signature'] ? JSON.parse(text) : nil
  end
  signed, _, signature = each['token'].rpartition('.')
  text = plain(signed.split('.').last).force_encoding('UTF-8')
  mac = OpenSSL::HMAC.digest('SHA256', secret, scheme == 'seggwat' ? text : signed)
  sent = scheme == 'featkit' ? [signature].pack('H*') : plain(signature)
  mac == sent ? JSON.parse(text) : nil
end

puts JSON.generate(JSON.parse(STDIN.read).map { |each| read(each) })
`

const node = `
const { createHmac } = require('node:crypto')

function read({ scheme, secret, token, headers, body }) {
  const mac = (message) => createHmac('sha256', secret).update(message).digest('hex')
  if (scheme === 'fdback') {
    const good = mac(headers['x-timestamp'] + '.' + body) === headers['x-signature']
    return good ? JSON.parse(body) : null
  }
  const dot = token.lastIndexOf('.')
  const [signed, signature] = [token.slice(0, dot), token.slice(dot + 1)]
  const text = Buffer.from(signed.split('.').at(-1), 'base64').toString('utf8')
  const sent = scheme === 'featkit' ? signature : Buffer.from(signature, 'base64').toString('hex')
  return mac(scheme === 'seggwat' ? text : signed) === sent ? JSON.parse(text) : null
}

const input = require('node:fs').readFileSync(0, 'utf8')
process.stdout.write(JSON.stringify(JSON.parse(input).map(read)))
`

export const READERS: Readonly<Record<string, Reader>> = {
  Node: { command: process.execPath, args: ['-e', node] },
  Python: { command: 'python3', args: ['-c', python] },
  PHP: { command: 'php', args: ['-r', php] },
  Ruby: { command: 'ruby', args: ['-E', 'UTF-8', '-e', ruby] },
}
