#include "gateway/token_list.h"

#include <gtest/gtest.h>

#include <set>

namespace lbwire::gateway {
namespace {

TEST(TokenList, AcceptsEachTokenOnce) {
  token_list tokens({"one", "two"}, 10);
  EXPECT_TRUE(tokens.use("one"));
  EXPECT_FALSE(tokens.use("one"));
  EXPECT_TRUE(tokens.use("two"));
}

TEST(TokenList, RefusesWhatWasNotAdded) {
  token_list tokens({"one"}, 10);
  EXPECT_FALSE(tokens.use(""));
  EXPECT_FALSE(tokens.use("on"));
  EXPECT_FALSE(tokens.use("one "));
}

TEST(TokenList, TellsATokenThatWaitsAlready) {
  token_list tokens({"one"}, 10);
  EXPECT_EQ(tokens.add("one"), token_list::added::known_already);
  EXPECT_TRUE(tokens.use("one"));
  EXPECT_EQ(tokens.add("one"), token_list::added::yes);
}

TEST(TokenList, HoldsAsManyAsItMay) {
  token_list tokens({"one"}, 2);
  EXPECT_EQ(tokens.add("two"), token_list::added::yes);
  EXPECT_EQ(tokens.add("three"), token_list::added::full);
  EXPECT_TRUE(tokens.use("one"));
  EXPECT_EQ(tokens.add("three"), token_list::added::yes);
}

TEST(RandomSecret, Is128BitsInHexAndNeverTheSame) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string secret = random_secret();
    EXPECT_EQ(secret.size(), 32u);
    EXPECT_EQ(secret.find_first_not_of("0123456789abcdef"), std::string::npos);
    seen.insert(secret);
  }
  EXPECT_EQ(seen.size(), 1000u);
}

}  // namespace
}  // namespace lbwire::gateway
