// What llhttp calls while it reads. Each callback that matters pauses it.

#include "engine/http/response_reader_state.hpp"

namespace headrace::http {

// llhttp is C, and nothing may be thrown through it: advance() throws it on.
template <class Work>
int ResponseReader::State::guarded(llhttp_t* parser, Work work) noexcept {
  try {
    return work(of(parser));
  } catch (...) {
    return of(parser).keep_exception();
  }
}

int ResponseReader::State::on_field_name(llhttp_t* parser, const char* at, std::size_t size) {
  of(parser).fields.add_name(at, size);
  return HPE_OK;
}

int ResponseReader::State::on_field_name_complete(llhttp_t* parser) {
  parser->header_state = 0;  // a plain field: framing is not llhttp's to decide, nor a trailer's
  return guarded(parser, [](State& state) -> int {
    state.fields.end_name();
    if (state.head_fields + state.fields.lines().size() <= state.limits.head_fields_max)
      return HPE_OK;
    state.over_field_limit();
    return HPE_USER;
  });
}

int ResponseReader::State::on_field_value(llhttp_t* parser, const char* at, std::size_t size) {
  of(parser).fields.add_value(at, size);
  return HPE_OK;
}

int ResponseReader::State::on_body(llhttp_t* parser, const char* at, std::size_t size) {
  if (size == 0) return HPE_OK;
  of(parser).body = {at, size};
  return of(parser).stop_for(Stop::chunk_data);
}

llhttp_settings_t ResponseReader::State::make_settings() {
  llhttp_settings_t made;
  llhttp_settings_init(&made);
  made.on_header_field = on_field_name;
  made.on_header_field_complete = on_field_name_complete;
  made.on_header_value = on_field_value;
  made.on_headers_complete = [](llhttp_t* p) { return of(p).stop_for(Stop::head); };
  made.on_body = on_body;
  made.on_chunk_header = [](llhttp_t* p) { return of(p).stop_for(Stop::chunk_line); };
  made.on_chunk_complete = [](llhttp_t* p) { return of(p).stop_for(Stop::chunk_end); };
  made.on_message_complete = [](llhttp_t* p) { return of(p).stop_for(Stop::message); };
  return made;
}

const llhttp_settings_t ResponseReader::State::settings = make_settings();

}  // namespace headrace::http
