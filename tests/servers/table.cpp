#include "tests/servers/table.hpp"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

namespace headrace::test {
namespace {

constexpr const char* file = HEADRACE_SOURCE_DIR "/tests/README.md";
constexpr std::string_view between = " | ";

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// "| a | b |" as "a", "b".
std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells;
  if (!line.starts_with("| ") || !line.ends_with(" |")) return cells;
  line = line.substr(2, line.size() - 2 - 2);
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = line.find(between);
    cells.emplace_back(line.substr(0, end));
    if (end != std::string_view::npos) line.remove_prefix(end + between.size());
  }
  return cells;
}

std::string line_of(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += " " + cell + " |";
  return line;
}

struct Place {
  std::size_t line = 0;
  std::size_t cell = 0;
};

Place find(const std::vector<std::string>& lines, const std::string& row,
           const std::string& column) {
  std::size_t cell = 0;  // of the column, within the table that has it; the first cell is the row's
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::vector<std::string> cells = cells_of(lines[i]);
    const auto heading = std::find(cells.begin(), cells.end(), column);
    if (heading != cells.end()) cell = static_cast<std::size_t>(heading - cells.begin());
    if (lines[i].empty()) cell = 0;
    if (cell != 0 && cells.size() > cell && cells.front() == row) return {i, cell};
  }
  throw std::runtime_error("tests/README.md has no row '" + row + "' with a column '" + column +
                           "'");
}

}  // namespace

void check_cell(const std::string& row, const std::string& column, const std::string& seen) {
  std::vector<std::string> lines = lines_of(read_file(file));
  const Place place = find(lines, row, column);
  std::vector<std::string> cells = cells_of(lines[place.line]);
  if (std::getenv("HEADRACE_FILL_TABLE") == nullptr) {
    INFO("tests/README.md: row '" << row << "', column '" << column << "'");
    CHECK(cells[place.cell] == seen);
    return;
  }
  cells[place.cell] = seen;
  lines[place.line] = line_of(cells);
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  write_file(file, text);
  SUCCEED("written");
}

}  // namespace headrace::test
