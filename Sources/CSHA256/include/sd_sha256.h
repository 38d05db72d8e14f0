// The SHA-256 of a file's bytes (FIPS 180-4), with the processor's instructions where it has them.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Writes the digest of `count` bytes.
void sd_sha256(const uint8_t *bytes, size_t count, uint8_t digest[32]);

#ifdef __cplusplus
}
#endif
