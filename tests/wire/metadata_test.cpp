#include "wire/metadata.h"

#include <gtest/gtest.h>

#include "golden.h"

namespace lbwire::wire {
namespace {

bytes encoded(const std::vector<metadata_entry>& entries) {
  const std::optional<size_t> size = metadata_encoded_size(entries);
  EXPECT_TRUE(size);
  bytes run(size.value_or(0));
  EXPECT_EQ(encode_metadata(entries, run), size);
  return run;
}

void expect_malformed(const bytes& run, metadata_status status, size_t offset) {
  const metadata_result result = validate_metadata(run);
  EXPECT_EQ(result.status, status) << describe(result.status);
  EXPECT_EQ(result.offset, offset);
  EXPECT_FALSE(find_metadata(run, "a")) << "nothing is found in a malformed run";
}

TEST(Metadata, WritesTheDocumentedBytes) {
  EXPECT_EQ(encoded({{"x-trace-id", "t-0"}}), to_bytes("\x0ax-trace-id\x03t-0"));
  EXPECT_TRUE(encoded({}).empty());
}

TEST(Metadata, WritesKeysInLowerCaseAndValuesAsTheyAre) {
  EXPECT_EQ(encoded({{"X-Ab\xc3\x84", "VaL"}}), to_bytes("\x06x-ab\xc3\x84\x03VaL"));
}

TEST(Metadata, ReadsWhatItWritesAtTheEdgesOfLengths) {
  for (const size_t length : {0u, 1u, 127u, 128u, 129u, 255u, 256u, 32766u, 32767u}) {
    const std::string text(length, 'k');
    for (const metadata_entry& written : {metadata_entry{text, "v"}, metadata_entry{"k", text}}) {
      const bytes run = encoded({written, {"last", ""}});
      EXPECT_EQ(run.size(), length + (length < 128 ? 1 : 2) + 2 + 6);
      metadata_reader reader(run);
      metadata_entry entry;
      ASSERT_TRUE(reader.next(entry));
      EXPECT_EQ(entry.key, written.key);
      EXPECT_EQ(entry.value, written.value);
      ASSERT_TRUE(reader.next(entry));
      EXPECT_EQ(entry.key, "last");
      EXPECT_EQ(entry.value, "");
      EXPECT_FALSE(reader.next(entry));
      EXPECT_EQ(reader.result().status, metadata_status::ok);
    }
  }
  const bytes long_run = encoded({{std::string(128, 'k'), ""}});
  EXPECT_EQ(long_run[0], 0x80);
  EXPECT_EQ(long_run[1], 0x80);
}

TEST(Metadata, RefusesToWriteWhatDoesNotFitItsLengths) {
  const std::string too_long(32768, 'x');
  const std::string half(32767, 'x');
  EXPECT_FALSE(metadata_encoded_size(std::vector<metadata_entry>{{too_long, "v"}}));
  EXPECT_FALSE(metadata_encoded_size(std::vector<metadata_entry>{{"k", too_long}}));
  EXPECT_FALSE(metadata_encoded_size(std::vector<metadata_entry>{{half, half}}));
  EXPECT_EQ(metadata_encoded_size(std::vector<metadata_entry>{{half, std::string_view(half).substr(3)}}), 65535u);
  bytes small(4);
  EXPECT_FALSE(encode_metadata(std::vector<metadata_entry>{{"ab", "cd"}}, small));
}

TEST(Metadata, AcceptsAnEmptyRun) {
  EXPECT_EQ(validate_metadata({}).status, metadata_status::ok);
  EXPECT_FALSE(find_metadata({}, "a"));
}

TEST(Metadata, RefusesARunThatIsCutShort) {
  const bytes good = to_bytes(
      "\x01"
      "a\x01"
      "b\x02"
      "cd\x03"
      "efg");
  ASSERT_EQ(validate_metadata(good).status, metadata_status::ok);
  for (size_t size = 1; size < good.size(); ++size) {
    if (size == 4) continue;  // the end of the first pair
    const bytes cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_NE(validate_metadata(cut).status, metadata_status::ok) << size;
  }
  expect_malformed({0x05, 'a'}, metadata_status::truncated, 0);
  expect_malformed({0x01, 'a', 0x02, 'b'}, metadata_status::truncated, 2);
  expect_malformed({0x01, 'a', 0x80}, metadata_status::truncated, 2);
  expect_malformed({0x01, 'a', 0x80, 0x80, 'b'}, metadata_status::truncated, 2);
}

TEST(Metadata, RefusesATwoByteLengthBelow128) {
  for (unsigned length = 0; length < 128; ++length) {
    bytes run = {0x01, 'a', 0x80, static_cast<uint8_t>(length)};
    run.resize(run.size() + length, 'b');
    expect_malformed(run, metadata_status::overlong, 2);
  }
}

TEST(Metadata, RefusesAKeyWithoutValue) {
  expect_malformed({0x01, 'a'}, metadata_status::no_value, 2);
  expect_malformed({0x01, 'a', 0x01, 'b', 0x01, 'c'}, metadata_status::no_value, 6);
}

TEST(Metadata, StaysAtItsFirstError) {
  const bytes run = {0x01, 'a', 0x80, 0x01, 'b'};
  metadata_reader reader(run);
  metadata_entry entry;
  EXPECT_FALSE(reader.next(entry));
  EXPECT_FALSE(reader.next(entry));
  EXPECT_EQ(reader.result().offset, 2u);
}

TEST(Metadata, FindsKeysWithoutRegardToCaseAndTheLastOfEqualOnes) {
  const bytes run = to_bytes(
      "\x03"
      "Key\x01"
      "1\x05other\x01"
      "x\x03kEY\x01"
      "2");
  EXPECT_EQ(find_metadata(run, "KEY"), "2");
  EXPECT_EQ(find_metadata(run, "other"), "x");
  EXPECT_FALSE(find_metadata(run, "othe"));
  EXPECT_FALSE(find_metadata(run, "missing"));
}

}  // namespace
}  // namespace lbwire::wire
