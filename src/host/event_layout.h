// How large each event is, and where in it texts and bytes hang.
#pragma once

#include <cstddef>

#include "lbwire/lbwire.h"

namespace lbwire::host {

// What copy_event() will write to `text` for this event: every text and its NUL.
size_t text_size(const lbw_event& event);

// Copies an event and everything that it points to: the struct to `to`, what hangs on it to `text`, each with
// a NUL behind, an absent one as "". Sets the size that the type has, and clears what lies behind the struct.
// `user` pointers are the host's and are copied as they are.
void copy_event(const lbw_event& event, lbw_event& to, char* text);

}  // namespace lbwire::host
