#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/base/instant.hpp"
#include "engine/core/profile.hpp"
#include "engine/http/origin.hpp"
#include "headrace/error.hpp"
#include "headrace/options.hpp"

namespace headrace::core {

// One line of a profiles text: an origin, and what was learned of it.
struct ProfileLine {
  LearnedProfile learned;
  Duration per_answer = {};
  Duration silence = {};
};

// "http://h:80 capable depth=10 one_per_segment=no requests_max=0 answer_us=210 silence_us=180
// reason", the reason to the end of the line. The first line of a text names the format.
std::string profiles_header();
std::string to_line(std::string_view origin, const ProfileLine& line);

// What the options say of single origins: OriginOptions and what earlier engines have learned.
class OriginRules {
 public:
  // invalid_argument names the entry or the line that can't be read.
  static Result<OriginRules> read(const Options& options);

  // By http::to_string(Origin).
  const OriginOptions& options_for(const std::string& origin) const;
  const ProfileLine* profile_for(const std::string& origin) const;
  const std::unordered_map<std::string, ProfileLine>& profiles() const { return profiles_; }

 private:
  Result<void> read_profiles(std::string_view text);

  std::unordered_map<std::string, OriginOptions> options_;
  std::unordered_map<std::string, ProfileLine> profiles_;
};

// Options::origins and Options::profiles, checked.
Result<void> check_origin_rules(const Options& options);

}  // namespace headrace::core
