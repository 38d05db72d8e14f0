// SHA-256, of OpenSSL's many headers.
#pragma once

// OpenSSL 3 prefers digests that it fetches from a provider. It unloads its providers when the
// process ends, under the hands of any thread that still calculates; these functions need nothing
// but the context that they are given.
#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/sha.h>
