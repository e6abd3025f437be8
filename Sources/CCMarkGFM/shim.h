// The public headers of libcmark-gfm and its extensions. The extensions library ships no pkg-config file, so the module
// map links both by name.
#include <cmark-gfm.h>
#include <cmark-gfm-extension_api.h>
#include <cmark-gfm-core-extensions.h>
#include <string.h>

// The length of a string of the library, which are all terminated by NUL.
static inline size_t ccmark_length(const char *text) { return strlen(text); }
