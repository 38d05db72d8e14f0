// The model that the program has with it: a model file as bytes.
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// The file's bytes, aligned to 64. Functions, as Swift does not import arrays of unknown length.
const void *sd_default_model_bytes(void);
size_t sd_default_model_size(void);

#ifdef __cplusplus
}
#endif
