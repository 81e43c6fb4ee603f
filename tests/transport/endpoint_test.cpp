#include "transport/endpoint.h"

#include <gtest/gtest.h>

namespace lbwire::transport {
namespace {

std::string url(std::string_view text) {
  std::string problem;
  const auto parsed = parse_url(text, problem);
  return parsed ? parsed->text() : "! " + problem;
}

std::string host_port(std::string_view text) {
  std::string problem;
  const auto parsed = parse_host_port(text, problem);
  return parsed ? parsed->text() : "! " + problem;
}

TEST(Endpoint, ReadsUrls) {
  EXPECT_EQ(url("tcp://example.test:1"), "example.test:1");
  EXPECT_EQ(url("tcp://127.0.0.1:65535"), "127.0.0.1:65535");
  EXPECT_EQ(url("tcp://[::1]:2021"), "[::1]:2021");
  EXPECT_EQ(url("tcp://example.test:2021/"), "example.test:2021");
}

TEST(Endpoint, TakesThePublishedPortWhereAUrlHasNone) {
  EXPECT_EQ(url("tcp://example.test"), "example.test:2020");
  EXPECT_EQ(url("tcp://[::1]"), "[::1]:2020");
}

TEST(Endpoint, SaysWhatIsWrongWithAUrl) {
  EXPECT_EQ(url("http://example.test"), "! the URL must be tcp://HOST:PORT");
  EXPECT_EQ(url(""), "! the URL must be tcp://HOST:PORT");
  EXPECT_EQ(url("tcp://"), "! the host is missing");
  EXPECT_EQ(url("tcp://:2020"), "! the host is missing");
  EXPECT_EQ(url("tcp://example.test:0"), "! port 0 cannot be connected to");
  EXPECT_EQ(url("tcp://example.test:"), "! the port must be a number from 0 to 65535");
  EXPECT_EQ(url("tcp://example.test:65536"), "! the port must be a number from 0 to 65535");
  EXPECT_EQ(url("tcp://example.test:2x"), "! the port must be a number from 0 to 65535");
  EXPECT_EQ(url("tcp://[::1"), "! there is a '[' without a ']'");
  EXPECT_EQ(url("tcp://::1:2020"), "! an IPv6 address goes into brackets: [::1]:2020");
  EXPECT_EQ(url("tcp://user@example.test"), "! a tcp:// URL is a host and a port, and nothing else");
  EXPECT_EQ(url("tcp://example.test/path"), "! a tcp:// URL is a host and a port, and nothing else");
}

TEST(Endpoint, ReadsAddressesToListenOn) {
  EXPECT_EQ(host_port("127.0.0.1:0"), "127.0.0.1:0");
  EXPECT_EQ(host_port("[::]:2020"), "[::]:2020");
  EXPECT_EQ(host_port("localhost"), "! the port is missing: HOST:PORT, port 0 for any that is free");
}

}  // namespace
}  // namespace lbwire::transport
