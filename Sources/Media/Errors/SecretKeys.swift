internal import Support

/// Words that make a key secret if they are the whole key or one of its words.
private let secretKeys: Set<String> = [
  "key", "pas", "pw", "pin", "otp", "totp", "sig", "sign", "sid", "code", "jwt", "st", "policy",
  "nonce", "salt", "mdp", "crc", "sk", "tok", "tkt", "sess", "streamid", "playpath", "sha",
]

/// Letters that make a key secret wherever they occur in it.
private let secretParts = [
  "token", "secret", "pass", "psw", "pwd", "passwort", "kennwort", "senha", "contrasena", "apikey",
  "accesskey", "accountkey", "signature", "auth", "credential", "creds", "session", "cookie",
  "ticket", "keypairid", "streamkey", "subscriptionkey", "private", "md5", "sha1", "sha2", "hash",
  "hmac", "digest", "bearer", "csrf", "xsrf", "saml", "assertion",
]

/// Whether the value of `key` in a location must not be shown.
func isSecret(key: Substring) -> Bool {
  let key = percentDecoded(key).lowercased()
  let letters = key.filter { $0.isLetter || $0.isNumber }
  let words = key.split { !($0.isLetter || $0.isNumber) }
  return secretKeys.contains(letters) || words.contains { secretKeys.contains(String($0)) }
    // `loginpas`, `userpw`: the last letters of a word that others stand before.
    || words.contains { $0.hasSuffix("pas") || $0.hasSuffix("pw") || $0.hasSuffix("key") }
    || secretParts.contains { letters.contains($0) }
}

/// `text` with `%41` as `A`; bytes that are not UTF-8 are kept as `FileName` holds them.
func percentDecoded(_ text: Substring) -> String {
  var bytes: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let byte = rest.popFirst() {
    let digits = rest.prefix(2).compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    if byte == UInt8(ascii: "%"), digits.count == 2 {
      bytes.append(UInt8(digits[0] * 16 + digits[1]))
      rest = rest.dropFirst(2)
    } else {
      bytes.append(byte)
    }
  }
  return FileName.text(bytes)
}
