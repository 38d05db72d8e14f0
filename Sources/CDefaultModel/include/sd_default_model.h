// The default model, embedded in the program as the bytes of a model file.
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// The file's bytes, aligned to 64, and their number. These are functions because Swift doesn't
// import arrays of unknown length.
const void *sd_default_model_bytes(void);
size_t sd_default_model_size(void);

#ifdef __cplusplus
}
#endif
