// Loads FFmpeg's libraries when they are first needed, or earlier on another thread.
//
// On Debian they bring more than a hundred others with them: before `main` that takes longer than all
// that a program does to see its first frame. So nothing links them. Calls of their functions, which
// Sources/CFFmpeg/shim.h renames, go to a stub that jumps on to the function once it is known; the
// first call of each waits until the libraries are there and looks the function up.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

// Begins to load the libraries, in the background. Returns at once; may be called any number of times.
void sd_late_begin(void);

#ifdef __cplusplus
}
#endif
