# Every target of this project links lbwire_options: the warnings, which are errors, and the sanitizers.
add_library(lbwire_options INTERFACE)
target_compile_options(lbwire_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-align -Wformat=2 -Werror
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast>)
if(LBWIRE_SANITIZE)
  foreach(sanitizer IN LISTS LBWIRE_SANITIZE)
    list(APPEND flags -fsanitize=${sanitizer})
  endforeach()
  list(APPEND flags -fno-omit-frame-pointer -fno-sanitize-recover=all)
  if("thread" IN_LIST LBWIRE_SANITIZE)
    list(APPEND flags -Wno-tsan)  # asio's fences, which the thread sanitizer does not follow
  endif()
  target_compile_options(lbwire_options INTERFACE ${flags})
  target_link_options(lbwire_options INTERFACE ${flags})
endif()
