import protobuf from 'protobufjs'

// OTLP as its .proto files describe it, read by protobufjs: the independent decoder and encoder that the tests
// compare ours with. Field names are lowerCamelCase on the JavaScript side, as in OTLP/JSON.

const { root } = protobuf.parse(`
syntax = "proto3";
package otlp;

message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
message ExportTraceServiceResponse { ExportTracePartialSuccess partial_success = 1; }
message ExportTracePartialSuccess { int64 rejected_spans = 1; string error_message = 2; }

message ResourceSpans {
  Resource resource = 1;
  repeated ScopeSpans scope_spans = 2;
  string schema_url = 3;
}
message Resource {
  repeated KeyValue attributes = 1;
  uint32 dropped_attributes_count = 2;
}
message ScopeSpans {
  InstrumentationScope scope = 1;
  repeated Span spans = 2;
  string schema_url = 3;
}
message InstrumentationScope {
  string name = 1;
  string version = 2;
  repeated KeyValue attributes = 3;
  uint32 dropped_attributes_count = 4;
}
message Span {
  bytes trace_id = 1;
  bytes span_id = 2;
  string trace_state = 3;
  bytes parent_span_id = 4;
  string name = 5;
  SpanKind kind = 6;
  fixed64 start_time_unix_nano = 7;
  fixed64 end_time_unix_nano = 8;
  repeated KeyValue attributes = 9;
  uint32 dropped_attributes_count = 10;
  repeated Event events = 11;
  uint32 dropped_events_count = 12;
  repeated Link links = 13;
  uint32 dropped_links_count = 14;
  Status status = 15;
  fixed32 flags = 16;

  enum SpanKind {
    SPAN_KIND_UNSPECIFIED = 0;
    SPAN_KIND_INTERNAL = 1;
    SPAN_KIND_SERVER = 2;
    SPAN_KIND_CLIENT = 3;
    SPAN_KIND_PRODUCER = 4;
    SPAN_KIND_CONSUMER = 5;
  }
  message Event {
    fixed64 time_unix_nano = 1;
    string name = 2;
    repeated KeyValue attributes = 3;
    uint32 dropped_attributes_count = 4;
  }
  message Link {
    bytes trace_id = 1;
    bytes span_id = 2;
    string trace_state = 3;
    repeated KeyValue attributes = 4;
    uint32 dropped_attributes_count = 5;
    fixed32 flags = 6;
  }
}
message Status {
  string message = 2;
  StatusCode code = 3;
  enum StatusCode {
    STATUS_CODE_UNSET = 0;
    STATUS_CODE_OK = 1;
    STATUS_CODE_ERROR = 2;
  }
}

message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue {
  oneof value {
    string string_value = 1;
    bool bool_value = 2;
    int64 int_value = 3;
    double double_value = 4;
    ArrayValue array_value = 5;
    KeyValueList kvlist_value = 6;
    bytes bytes_value = 7;
  }
}
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }

message RpcStatus { int32 code = 1; string message = 2; }
`)

const type = (name: string) => root.lookupType(`otlp.${name}`)

export const ExportTraceServiceRequest = type('ExportTraceServiceRequest')
export const ExportTraceServiceResponse = type('ExportTraceServiceResponse')
/** google.rpc.Status, the body of an OTLP error answer. */
export const RpcStatus = type('RpcStatus')

/** Plain object (OTLP/JSON names; ids and bytes as Buffer, 64-bit integers as number or string) → bytes. */
export const encodeMessage = (message: protobuf.Type, value: object): Buffer =>
  Buffer.from(message.encode(message.fromObject(value)).finish())

/** Bytes → plain object: 64-bit integers as decimal strings, enums as numbers, bytes as Buffer. */
export const decodeMessage = (message: protobuf.Type, bytes: Uint8Array): Record<string, unknown> =>
  message.toObject(message.decode(bytes), { longs: String, bytes: Buffer, oneofs: false })
