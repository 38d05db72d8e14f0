// Maps of floats in the words of the bodies that serve bfloat16 as well. A vocabulary for other
// numbers defines these itself.
#pragma once

#ifndef SD_NUMBER
#define SD_NUMBER float
#define SD_NUMBER_NAME(operation) SD_NAME(f32_##operation)
// The word for such numbers, of those that load and store vectors of floats.
#define SD_NUMBER_WORD(word) word
#endif
