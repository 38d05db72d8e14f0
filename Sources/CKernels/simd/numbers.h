// Lets a body serve floats and bfloat16 alike. These are the definitions for floats; avx512bf16.h
// has its own.
#pragma once

#ifndef SD_NUMBER
#define SD_NUMBER float
#define SD_NUMBER_NAME(operation) SD_NAME(f32_##operation)
// The variant of a load or store for numbers of this type.
#define SD_NUMBER_WORD(word) word
#endif
