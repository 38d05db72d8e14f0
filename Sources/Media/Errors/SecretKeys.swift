internal import Support

/// Words that make a key secret if they are the whole key or one of its words.
private let secretKeys: Set<String> = [
  "key", "pas", "pw", "pin", "otp", "totp", "sig", "sign", "sid", "code", "jwt", "st", "policy",
  "nonce", "salt", "mdp", "crc", "sk", "tok", "tkt", "sess", "streamid", "playpath", "sha", "cred",
  "license", "licence",
]

/// Letters that make a key secret wherever they occur in it.
private let secretParts = [
  "token", "secret", "pass", "psw", "pwd", "passwort", "kennwort", "senha", "contrasena", "apikey",
  "accesskey", "accountkey", "signature", "auth", "credential", "creds", "sess", "cookie",
  "ticket", "keypairid", "streamkey", "subscriptionkey", "private", "md5", "sha1", "sha2", "hash",
  "hmac", "digest", "bearer", "csrf", "xsrf", "saml", "assertion",
]

/// Parts of a path after which a secret comes.
private let secretPathParts: Set<String> = [
  "token", "accesstoken", "authtoken", "apikey", "streamkey", "secret", "password", "passwd",
  "pwd", "pass", "signature", "jwt", "sessionid", "key", "accesskey", "secretkey", "otp",
]

/// Whether the value of `key` in a location must not be shown.
func isSecret(key: Substring) -> Bool {
  let key = ByteText.text(percentDecoded(ByteText.bytes(String(key)))).lowercased()
  let letters = key.filter { $0.isLetter || $0.isNumber }
  let words = key.split { !($0.isLetter || $0.isNumber) }
  return secretKeys.contains(letters) || words.contains { secretKeys.contains(String($0)) }
    // `loginpas`, `userpw`: the last letters of a word that others stand before.
    || words.contains { $0.hasSuffix("pas") || $0.hasSuffix("pw") || $0.hasSuffix("key") }
    || secretParts.contains { letters.contains($0) }
}

/// Whether a part of a path says that a secret follows: `/token/VALUE`.
func isSecret(part: Substring) -> Bool {
  let letters = part.lowercased().filter { $0.isLetter || $0.isNumber }
  return secretPathParts.contains(letters)
}

/// Text in which each character is one byte.
///
/// A letter and its combining marks are one `Character`, so what separates the parts of an address
/// is not found in a `String` if such a mark follows.
enum ByteText {
  static func text(_ bytes: [UInt8]) -> String {
    String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }

  static func bytes(_ text: String) -> [UInt8] {
    text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
  }
}

/// `text` with `%41` as `A`.
func percentDecoded(_ text: [UInt8]) -> [UInt8] {
  var bytes: [UInt8] = []
  var rest = text[...]
  while let byte = rest.popFirst() {
    let pair = byte == UInt8(ascii: "%") ? rest.prefix(2) : []
    let digits = pair.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    if digits.count == 2 {
      bytes.append(UInt8(digits[0] * 16 + digits[1]))
      rest = rest.dropFirst(2)
    } else {
      bytes.append(byte)
    }
  }
  return bytes
}
