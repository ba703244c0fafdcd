#include "tests/sim/answer.hpp"

#include <string_view>

#include "tests/sim/text.hpp"

namespace headrace::sim {
namespace {

constexpr bool has_no_body(int status) { return status == 204 || status == 304; }

int draw_status(Dice& dice, const ServerPlan& plan) {
  constexpr int errors[] = {404, 500, 403, 204, 304};
  constexpr int unavailable[] = {429, 503};
  if (dice.chance(plan.unavailable)) return dice.pick(unavailable);
  if (dice.chance(plan.errors)) return dice.pick(errors);
  return 200;
}

// Both forms of RFC 9110 §10.2.3; the date form needs a clock, which is the answer's own Date.
std::string retry_after(Dice& dice, Duration& pause) {
  const std::size_t seconds = dice.between(0, 4);
  pause = std::chrono::seconds(seconds);
  const std::string date = "Date: Sun, 06 Nov 1994 08:49:10 GMT\r\n";
  if (dice.chance(50)) return text(date, "Retry-After: ", seconds, "\r\n");
  return text(date, "Retry-After: Sun, 06 Nov 1994 08:49:", 10 + seconds, " GMT\r\n");
}

std::string chunked(Dice& dice, std::string_view body, bool trailers, std::size_t call) {
  constexpr std::string_view sizes = "0123456789abcdef";
  std::string framed;
  while (!body.empty()) {
    const std::string_view part = body.substr(0, dice.between(1, 15));
    body.remove_prefix(part.size());
    framed.append(1, sizes[part.size()]).append("\r\n").append(part).append("\r\n");
  }
  framed += "0\r\n";
  if (trailers) framed += text("Sum: ", call, "\r\n");
  return framed + "\r\n";
}

enum class Frame : unsigned char { none, length, chunked, until_close };

Frame draw_frame(Dice& dice, const ServerPlan& plan, const AnswerWish& wish, bool bodiless) {
  if (bodiless) return Frame::none;
  if (wish.truncate) return Frame::chunked;
  if (dice.chance(plan.until_close)) return Frame::until_close;
  if (!wish.http10 && dice.chance(plan.chunked)) return Frame::chunked;
  return Frame::length;
}

std::string connection_field(Dice& dice, const AnswerWish& wish, bool closes) {
  if (wish.http10) return closes ? "" : "Connection: keep-alive\r\n";
  if (!closes) return "";
  return dice.chance(50) ? "Connection: close\r\n" : "connection: Keep-Alive, Close\r\n";
}

// How the body is found goes into the head, the framed body beside it.
void frame_body(Dice& dice, const ServerPlan& plan, Answer& answer, Frame frame,
                std::string_view body) {
  const bool trailers = dice.chance(plan.trailers);
  if (frame == Frame::length) {
    answer.head += text("Content-Length: ", body.size(), "\r\n");
    answer.body = body;
  } else if (frame == Frame::chunked) {
    if (trailers) answer.head += "Trailer: Sum\r\n";
    answer.head += "Transfer-Encoding: chunked\r\n";
    answer.body = chunked(dice, body, trailers, answer.call);
  } else if (frame == Frame::until_close) {
    answer.body = body;
  }
}

}  // namespace

Answer render_answer(Dice& dice, const ServerPlan& plan, const SeenRequest& request,
                     const AnswerWish& wish) {
  Answer answer;
  answer.call = request.call;
  answer.to_head = request.method == "HEAD";
  answer.status = wish.truncate ? 200 : draw_status(dice, plan);
  const std::string body = text("call ", request.call, ";") + std::string(dice.below(120), 'x');
  const bool bodiless = has_no_body(answer.status) || answer.to_head;
  const Frame frame = draw_frame(dice, plan, wish, bodiless);
  answer.until_close = frame == Frame::until_close;
  const bool drops_after_it = wish.http10 && dice.chance(40);
  answer.closes = wish.close || answer.until_close || drops_after_it;
  answer.proves = !wish.http10 && !answer.closes && !wish.truncate;
  answer.head = text(wish.http10 ? "HTTP/1.0 " : "HTTP/1.1 ", answer.status,
                     " Any\r\nEcho: ", request.call, "\r\nSize: ", body.size(), "\r\n", wish.field);
  if (answer.status == 429 || answer.status == 503)
    if (dice.chance(plan.retry_after)) answer.head += retry_after(dice, answer.retry_after);
  answer.head += connection_field(dice, wish, answer.closes);
  frame_body(dice, plan, answer, frame, body);
  if (answer.to_head && dice.chance(50)) answer.head += "Content-Length: 1234\r\n";
  answer.head += "\r\n";
  if (wish.truncate) answer.body.resize(dice.below(answer.body.size() - 4));
  answer.truncated = wish.truncate;
  answer.hints = !wish.field.empty();
  return answer;
}

Answer render_refusal(int status, std::size_t call) {
  Answer answer;
  answer.call = call;
  answer.status = status;
  answer.closes = true;
  answer.head = text("HTTP/1.1 ", status, " No\r\n");
  if (call != nobody) answer.head += text("Echo: ", call, "\r\n");
  answer.head += "Size: 0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  return answer;
}

Answer render_informational(int status) {
  Answer answer;
  answer.informational = true;
  answer.status = status;
  answer.head = text("HTTP/1.1 ", status, " Soon\r\nLink: </a>\r\n\r\n");
  return answer;
}

bool answers(const Response& response, std::size_t call) {
  const std::string wanted = std::to_string(call);
  if (response.headers.get("Echo") != wanted) return false;
  return response.body.empty() || response.body.starts_with(text("call ", call, ";"));
}

bool is_whole(const Response& response, bool head) {
  if (head || has_no_body(response.status)) return response.body.empty();
  if (response.headers.get("Size") != std::to_string(response.body.size())) return false;
  if (!response.headers.contains("Trailer")) return true;
  return response.trailers.get("Sum") == response.headers.get("Echo");
}

}  // namespace headrace::sim
