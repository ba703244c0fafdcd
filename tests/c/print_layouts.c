/* Prints what a compiled program has of headrace.h in it: sizes and offsets of structs, and
 * numbers. tests/c/layouts is what it printed when the ABI was given its number. */

#include <headrace/headrace.h>
#include <stdio.h>

#define SIZE(type) printf("%s %zu\n", #type, sizeof(type))
#define FIELD(type, field) \
  printf("  %s %zu %zu\n", #field, offsetof(type, field), sizeof(((type*)0)->field))
#define NUMBER(name) printf("%s %d\n", #name, (int)(name))

static void print_structs(void) {
  SIZE(hr_str);
  FIELD(hr_str, data);
  FIELD(hr_str, size);
  SIZE(hr_field);
  FIELD(hr_field, name);
  FIELD(hr_field, value);
  SIZE(hr_error);
  FIELD(hr_error, struct_size);
  FIELD(hr_error, code);
  FIELD(hr_error, phase);
  FIELD(hr_error, progress);
  FIELD(hr_error, attempts);
  FIELD(hr_error, safe_to_repeat);
  FIELD(hr_error, system_code);
  FIELD(hr_error, connection_id);
  FIELD(hr_error, origin);
  FIELD(hr_error, detail);
  FIELD(hr_error, text);
  SIZE(hr_tls_options);
  FIELD(hr_tls_options, struct_size);
  FIELD(hr_tls_options, ca_file);
  FIELD(hr_tls_options, ca_directory);
  FIELD(hr_tls_options, ca_pem);
  FIELD(hr_tls_options, crl_file);
  FIELD(hr_tls_options, certificate_file);
  FIELD(hr_tls_options, certificate_pem);
  FIELD(hr_tls_options, key_file);
  FIELD(hr_tls_options, key_pem);
  FIELD(hr_tls_options, key_passphrase);
  FIELD(hr_tls_options, key_passphrase_context);
  FIELD(hr_tls_options, version_min);
  FIELD(hr_tls_options, insecure);
  FIELD(hr_tls_options, ciphers);
  FIELD(hr_tls_options, ciphersuites);
  FIELD(hr_tls_options, key_log_file);
  SIZE(hr_origin_options);
  FIELD(hr_origin_options, struct_size);
  FIELD(hr_origin_options, origin);
  FIELD(hr_origin_options, pipelining);
  FIELD(hr_origin_options, reserved);
  FIELD(hr_origin_options, requests_per_second);
  FIELD(hr_origin_options, in_flight_max);
  FIELD(hr_origin_options, tls);
  FIELD(hr_origin_options, server_name);
  SIZE(hr_options);
  FIELD(hr_options, struct_size);
  FIELD(hr_options, base_url);
  FIELD(hr_options, loops);
  FIELD(hr_options, connections_max);
  FIELD(hr_options, connections_total_max);
  FIELD(hr_options, pipeline_depth);
  FIELD(hr_options, pipelining);
  FIELD(hr_options, pipeline_put_delete);
  FIELD(hr_options, attempts_max);
  FIELD(hr_options, retry_statuses);
  FIELD(hr_options, retry_statuses_count);
  FIELD(hr_options, retry_pause_ms);
  FIELD(hr_options, retry_pause_max_ms);
  FIELD(hr_options, connect_attempts);
  FIELD(hr_options, timeout_ms);
  FIELD(hr_options, connect_timeout_ms);
  FIELD(hr_options, tls_timeout_ms);
  FIELD(hr_options, write_timeout_ms);
  FIELD(hr_options, first_byte_timeout_ms);
  FIELD(hr_options, body_timeout_ms);
  FIELD(hr_options, hang_timeout_ms);
  FIELD(hr_options, idle_timeout_ms);
  FIELD(hr_options, connection_lifetime_ms);
  FIELD(hr_options, connection_requests_max);
  FIELD(hr_options, requests_per_second);
  FIELD(hr_options, in_flight_max);
  FIELD(hr_options, queue_requests_max);
  FIELD(hr_options, queue_bytes_max);
  FIELD(hr_options, head_bytes_max);
  FIELD(hr_options, head_fields_max);
  FIELD(hr_options, body_bytes_max);
  FIELD(hr_options, informational_max);
  FIELD(hr_options, tls);
  FIELD(hr_options, origins);
  FIELD(hr_options, origins_count);
  FIELD(hr_options, profiles);
  FIELD(hr_options, http_proxy);
  FIELD(hr_options, https_proxy);
  FIELD(hr_options, no_proxy);
  FIELD(hr_options, unix_socket);
  SIZE(hr_response);
  FIELD(hr_response, struct_size);
  FIELD(hr_response, status);
  FIELD(hr_response, http_minor);
  FIELD(hr_response, reason);
  FIELD(hr_response, body);
  FIELD(hr_response, fields_count);
  FIELD(hr_response, trailers_count);
  FIELD(hr_response, attempts);
  FIELD(hr_response, suspect);
  FIELD(hr_response, connection_id);
  FIELD(hr_response, queued_ns);
  FIELD(hr_response, connect_ns);
  FIELD(hr_response, first_byte_ns);
  FIELD(hr_response, total_ns);
  SIZE(hr_request);
  FIELD(hr_request, struct_size);
  FIELD(hr_request, method);
  FIELD(hr_request, url);
  FIELD(hr_request, fields);
  FIELD(hr_request, fields_count);
  FIELD(hr_request, body);
  FIELD(hr_request, timeout_ms);
  FIELD(hr_request, repeat);
  FIELD(hr_request, bulk);
  FIELD(hr_request, announce);
  FIELD(hr_request, streamed);
  FIELD(hr_request, verify);
  FIELD(hr_request, verify_context);
  FIELD(hr_request, user_data);
  FIELD(hr_request, read_body);
  FIELD(hr_request, read_body_context);
  FIELD(hr_request, body_length);
}

static void print_numbers(void) {
  NUMBER(HR_NONE);
  NUMBER(HR_OK);
  NUMBER(HR_INVALID_ARGUMENT);
  NUMBER(HR_QUEUE_FULL);
  NUMBER(HR_CLOSED);
  NUMBER(HR_CANCELLED);
  NUMBER(HR_TIMED_OUT);
  NUMBER(HR_RESOLVE_FAILED);
  NUMBER(HR_CONNECT_FAILED);
  NUMBER(HR_CONNECT_TIMEOUT);
  NUMBER(HR_TLS_FAILED);
  NUMBER(HR_PROXY_FAILED);
  NUMBER(HR_CONNECTION_LOST);
  NUMBER(HR_PROTOCOL_ERROR);
  NUMBER(HR_HEAD_TOO_LARGE);
  NUMBER(HR_BODY_TOO_LARGE);
  NUMBER(HR_INFORMATIONAL_FLOOD);
  NUMBER(HR_STALLED);
  NUMBER(HR_DESYNC);
  NUMBER(HR_WRONG_ANSWER);
  NUMBER(HR_RETRY_SUPPRESSED);
  NUMBER(HR_FORKED);
  NUMBER(HR_INTERNAL);
  NUMBER(HR_NO_MEMORY);
  NUMBER(HR_PHASE_QUEUE);
  NUMBER(HR_PHASE_RESOLVE);
  NUMBER(HR_PHASE_CONNECT);
  NUMBER(HR_PHASE_TLS);
  NUMBER(HR_PHASE_WRITE);
  NUMBER(HR_PHASE_WAIT);
  NUMBER(HR_PHASE_HEADERS);
  NUMBER(HR_PHASE_BODY);
  NUMBER(HR_QUEUED);
  NUMBER(HR_SENT);
  NUMBER(HR_RESPONDING);
  NUMBER(HR_PIPELINING_DEFAULT);
  NUMBER(HR_PIPELINING_OFF);
  NUMBER(HR_PIPELINING_FIXED);
  NUMBER(HR_PIPELINING_LEARNED);
  NUMBER(HR_TLS_DEFAULT);
  NUMBER(HR_TLS_1_2);
  NUMBER(HR_TLS_1_3);
  NUMBER(HR_INSECURE_NO);
  NUMBER(HR_INSECURE_ANY_NAME);
  NUMBER(HR_INSECURE_ANYTHING);
  NUMBER(HR_REPEAT_BY_METHOD);
  NUMBER(HR_REPEAT_ALLOWED);
  NUMBER(HR_REPEAT_FORBIDDEN);
  NUMBER(HR_WAIT_TIMED_OUT);
  NUMBER(HR_WAIT_READY);
  NUMBER(HR_WAIT_REFUSED);
}

int main(void) {
  print_structs();
  print_numbers();
  return 0;
}
