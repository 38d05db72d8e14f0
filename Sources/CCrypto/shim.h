// Digests, of OpenSSL's many headers.
#pragma once

#include <openssl/evp.h>
