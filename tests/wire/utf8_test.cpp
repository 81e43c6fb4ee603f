#include "wire/utf8.h"

#include <gtest/gtest.h>

namespace lbwire::wire {
namespace {

constexpr const char* replacement = "\xef\xbf\xbd";

TEST(Utf8, AcceptsEachLengthAtItsEdges) {
  for (const char* const text : {"", "a\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                                 "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
    EXPECT_EQ(repair_utf8(text), text);
  }
  EXPECT_TRUE(is_utf8(std::string_view("\0", 1)));
}

TEST(Utf8, RefusesOverlongSurrogateOutOfRangeAndCutSequences) {
  for (const char* const text :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xc2", "\xe0\x9f\xbf", "\xe2\x82", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf0\x90\x80", "\xc2\x41", "\xe2\x82\x41", "\xff"}) {
    EXPECT_FALSE(is_utf8(text));
    EXPECT_TRUE(is_utf8(repair_utf8(text)));
  }
}

TEST(Utf8, ReplacesOnlyWhatIsIllFormed) {
  EXPECT_EQ(repair_utf8("a\xff\xe4\xb8\xad\xe4\xb8"),
            std::string("a") + replacement + "中" + replacement + replacement);
}

}  // namespace
}  // namespace lbwire::wire
