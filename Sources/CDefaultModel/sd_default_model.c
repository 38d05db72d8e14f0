// #embed is C23; compilers that support it accept it in C11 too, with a warning.
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wc23-extensions"
#endif

#include "sd_default_model.h"

static _Alignas(64) const unsigned char sd_model[] = {
#embed "default.safetensors"
};

const void *sd_default_model_bytes(void) { return sd_model; }

size_t sd_default_model_size(void) { return sizeof sd_model; }
