-- Everything is partitioned by time, so that rows and what was derived from them expire by dropping partitions.
-- Rows are kept in order of their second: all that questions need, and parts that overlap are merged by runs of rows
-- and not row by row, at a third of the cost.
-- Every table that an insert reaches, directly or through views, remembers the inserts it has had: the same block
-- under the same token again changes nothing anywhere.

CREATE TABLE IF NOT EXISTS errors (
  ts DateTime64(9, 'UTC') CODEC(Delta, LZ4),
  provider LowCardinality(String),
  code LowCardinality(String),
  status UInt16,
  retry Enum8('unknown' = 0, 'never' = 1, 'after_wait' = 2, 'backoff' = 3, 'once' = 4, 'after_reauth' = 5, 'new_idempotency_key' = 6, 'later' = 7),
  retryable Bool,
  standing Enum8('known' = 0, 'deprecated' = 1, 'unknown' = 2, 'mismatched' = 3, 'uncoded' = 4),
  class Enum8('other' = 0, 'auth' = 1, 'permission' = 2, 'validation' = 3, 'not_found' = 4, 'conflict' = 5, 'rate_limit' = 6, 'quota' = 7, 'billing' = 8, 'concurrency' = 9, 'upstream' = 10, 'maintenance' = 11, 'internal' = 12),
  side Enum8('server' = 0, 'client' = 1),
  kind Enum8('unspecified' = 0, 'internal' = 1, 'server' = 2, 'client' = 3, 'producer' = 4, 'consumer' = 5),
  service LowCardinality(String),
  service_version LowCardinality(String),
  environment LowCardinality(String),
  route LowCardinality(String),
  method LowCardinality(String),
  server_address LowCardinality(String),
  request_id String CODEC(ZSTD(1)),
  other_request_ids String CODEC(ZSTD(1)),
  trace_id FixedString(16) CODEC(NONE),
  span_id FixedString(8) CODEC(NONE),
  parent_span_id FixedString(8) CODEC(NONE),
  call_id String CODEC(ZSTD(1)),
  attempt UInt16 CODEC(T64, LZ4),
  consumer LowCardinality(String),
  sdk LowCardinality(String),
  retry_after_ms Nullable(UInt32),
  duration_ms Float32 CODEC(NONE),
  message String CODEC(ZSTD(1)),
  origin LowCardinality(String),
  origin_offset UInt64 CODEC(T64, LZ4),
  origin_index UInt32 CODEC(T64, LZ4)
) ENGINE = MergeTree PARTITION BY toDate(ts) ORDER BY toDateTime(ts)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_parts_to_merge_at_once = 10, min_bytes_for_wide_part = 67108864;

CREATE TABLE IF NOT EXISTS attempts (
  ts DateTime64(9, 'UTC') CODEC(Delta, LZ4),
  provider LowCardinality(String),
  status UInt16,
  side Enum8('server' = 0, 'client' = 1),
  service LowCardinality(String),
  service_version LowCardinality(String),
  environment LowCardinality(String),
  route LowCardinality(String),
  method LowCardinality(String),
  server_address LowCardinality(String),
  request_id String CODEC(ZSTD(1)),
  other_request_ids String CODEC(ZSTD(1)),
  trace_id FixedString(16) CODEC(NONE),
  span_id FixedString(8) CODEC(NONE),
  parent_span_id FixedString(8) CODEC(NONE),
  call_id String CODEC(ZSTD(1)),
  attempt UInt16 CODEC(T64, LZ4),
  consumer LowCardinality(String),
  sdk LowCardinality(String),
  duration_ms Float32 CODEC(NONE),
  origin LowCardinality(String),
  origin_offset UInt64 CODEC(T64, LZ4),
  origin_index UInt32 CODEC(T64, LZ4)
) ENGINE = MergeTree PARTITION BY toDate(ts) ORDER BY toDateTime(ts)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_parts_to_merge_at_once = 10, min_bytes_for_wide_part = 67108864;

CREATE TABLE IF NOT EXISTS traffic (
  ts DateTime('UTC') CODEC(Delta, LZ4),
  provider LowCardinality(String),
  service LowCardinality(String),
  environment LowCardinality(String),
  side Enum8('server' = 0, 'client' = 1),
  route LowCardinality(String),
  status_class Enum8('other' = 0, '1xx' = 1, '2xx' = 2, '3xx' = 3, '4xx' = 4, '5xx' = 5, 'rpc_ok' = 6, 'rpc_error' = 7),
  calls UInt32 CODEC(T64, LZ4),
  errors UInt32 CODEC(T64, LZ4),
  retries UInt32 CODEC(T64, LZ4),
  logical_calls UInt32 CODEC(T64, LZ4),
  origin LowCardinality(String),
  origin_offset UInt64 CODEC(T64, LZ4),
  origin_end UInt64 CODEC(T64, LZ4)
) ENGINE = MergeTree PARTITION BY toDate(ts) ORDER BY (ts, provider, service)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_parts_to_merge_at_once = 10, min_bytes_for_wide_part = 67108864;

CREATE TABLE IF NOT EXISTS quota_samples (
  ts DateTime64(9, 'UTC') CODEC(Delta, LZ4),
  provider LowCardinality(String),
  name LowCardinality(String),
  service LowCardinality(String),
  environment LowCardinality(String),
  consumer LowCardinality(String),
  limit Nullable(UInt64),
  remaining Nullable(UInt64),
  reset Nullable(DateTime64(3, 'UTC')),
  origin LowCardinality(String),
  origin_offset UInt64 CODEC(T64, LZ4),
  origin_end UInt64 CODEC(T64, LZ4)
) ENGINE = MergeTree PARTITION BY toDate(ts) ORDER BY (provider, name, service, consumer, ts)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_parts_to_merge_at_once = 10, min_bytes_for_wide_part = 67108864;

CREATE TABLE IF NOT EXISTS errors_by_10s (
  ts DateTime('UTC') CODEC(Delta, ZSTD(1)),
  provider LowCardinality(String),
  code LowCardinality(String),
  status UInt16,
  retry Enum8('unknown' = 0, 'never' = 1, 'after_wait' = 2, 'backoff' = 3, 'once' = 4, 'after_reauth' = 5, 'new_idempotency_key' = 6, 'later' = 7),
  retryable Bool,
  standing Enum8('known' = 0, 'deprecated' = 1, 'unknown' = 2, 'mismatched' = 3, 'uncoded' = 4),
  class Enum8('other' = 0, 'auth' = 1, 'permission' = 2, 'validation' = 3, 'not_found' = 4, 'conflict' = 5, 'rate_limit' = 6, 'quota' = 7, 'billing' = 8, 'concurrency' = 9, 'upstream' = 10, 'maintenance' = 11, 'internal' = 12),
  side Enum8('server' = 0, 'client' = 1),
  service LowCardinality(String),
  environment LowCardinality(String),
  count SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1))
) ENGINE = AggregatingMergeTree PARTITION BY toDate(ts) PRIMARY KEY (ts, provider, code) ORDER BY (ts, provider, code, service, side, environment, status, retry, retryable, standing, class)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_parts_to_merge_at_once = 10, min_bytes_for_wide_part = 67108864;

CREATE TABLE IF NOT EXISTS errors_by_minute (
  ts DateTime('UTC') CODEC(Delta, ZSTD(1)),
  provider LowCardinality(String),
  code LowCardinality(String),
  status UInt16,
  retry Enum8('unknown' = 0, 'never' = 1, 'after_wait' = 2, 'backoff' = 3, 'once' = 4, 'after_reauth' = 5, 'new_idempotency_key' = 6, 'later' = 7),
  retryable Bool,
  standing Enum8('known' = 0, 'deprecated' = 1, 'unknown' = 2, 'mismatched' = 3, 'uncoded' = 4),
  class Enum8('other' = 0, 'auth' = 1, 'permission' = 2, 'validation' = 3, 'not_found' = 4, 'conflict' = 5, 'rate_limit' = 6, 'quota' = 7, 'billing' = 8, 'concurrency' = 9, 'upstream' = 10, 'maintenance' = 11, 'internal' = 12),
  side Enum8('server' = 0, 'client' = 1),
  service LowCardinality(String),
  environment LowCardinality(String),
  count SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1))
) ENGINE = AggregatingMergeTree PARTITION BY toDate(ts) PRIMARY KEY (ts, provider, code) ORDER BY (ts, provider, code, service, side, environment, status, retry, retryable, standing, class)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_parts_to_merge_at_once = 10, min_bytes_for_wide_part = 67108864;

CREATE TABLE IF NOT EXISTS errors_by_hour (
  ts DateTime('UTC') CODEC(Delta, ZSTD(1)),
  provider LowCardinality(String),
  code LowCardinality(String),
  status UInt16,
  retry Enum8('unknown' = 0, 'never' = 1, 'after_wait' = 2, 'backoff' = 3, 'once' = 4, 'after_reauth' = 5, 'new_idempotency_key' = 6, 'later' = 7),
  retryable Bool,
  standing Enum8('known' = 0, 'deprecated' = 1, 'unknown' = 2, 'mismatched' = 3, 'uncoded' = 4),
  class Enum8('other' = 0, 'auth' = 1, 'permission' = 2, 'validation' = 3, 'not_found' = 4, 'conflict' = 5, 'rate_limit' = 6, 'quota' = 7, 'billing' = 8, 'concurrency' = 9, 'upstream' = 10, 'maintenance' = 11, 'internal' = 12),
  side Enum8('server' = 0, 'client' = 1),
  service LowCardinality(String),
  environment LowCardinality(String),
  count SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1))
) ENGINE = AggregatingMergeTree PARTITION BY toDate(ts) PRIMARY KEY (ts, provider, code) ORDER BY (ts, provider, code, service, side, environment, status, retry, retryable, standing, class)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_parts_to_merge_at_once = 10, min_bytes_for_wide_part = 67108864;

CREATE TABLE IF NOT EXISTS errors_by_day (
  ts Date CODEC(Delta, ZSTD(1)),
  provider LowCardinality(String),
  code LowCardinality(String),
  status UInt16,
  retry Enum8('unknown' = 0, 'never' = 1, 'after_wait' = 2, 'backoff' = 3, 'once' = 4, 'after_reauth' = 5, 'new_idempotency_key' = 6, 'later' = 7),
  retryable Bool,
  standing Enum8('known' = 0, 'deprecated' = 1, 'unknown' = 2, 'mismatched' = 3, 'uncoded' = 4),
  class Enum8('other' = 0, 'auth' = 1, 'permission' = 2, 'validation' = 3, 'not_found' = 4, 'conflict' = 5, 'rate_limit' = 6, 'quota' = 7, 'billing' = 8, 'concurrency' = 9, 'upstream' = 10, 'maintenance' = 11, 'internal' = 12),
  side Enum8('server' = 0, 'client' = 1),
  service LowCardinality(String),
  environment LowCardinality(String),
  count SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1))
) ENGINE = AggregatingMergeTree PARTITION BY toYYYYMM(ts) PRIMARY KEY (ts, provider, code) ORDER BY (ts, provider, code, service, side, environment, status, retry, retryable, standing, class)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_parts_to_merge_at_once = 10, min_bytes_for_wide_part = 67108864;

CREATE MATERIALIZED VIEW IF NOT EXISTS errors_to_10s TO errors_by_10s AS
SELECT toDateTime(intDiv(toUnixTimestamp(errors.ts), 10) * 10, 'UTC') AS ts, provider, code, status, retry, retryable, standing, class, side, service, environment, count() AS count
FROM errors GROUP BY ts, provider, code, status, retry, retryable, standing, class, side, service, environment;

CREATE MATERIALIZED VIEW IF NOT EXISTS errors_to_minute TO errors_by_minute AS
SELECT toStartOfMinute(errors_by_10s.ts) AS ts, provider, code, status, retry, retryable, standing, class, side, service, environment, sum(count) AS count
FROM errors_by_10s GROUP BY ts, provider, code, status, retry, retryable, standing, class, side, service, environment;

CREATE MATERIALIZED VIEW IF NOT EXISTS errors_to_hour TO errors_by_hour AS
SELECT toStartOfHour(errors_by_minute.ts) AS ts, provider, code, status, retry, retryable, standing, class, side, service, environment, sum(count) AS count
FROM errors_by_minute GROUP BY ts, provider, code, status, retry, retryable, standing, class, side, service, environment;

CREATE MATERIALIZED VIEW IF NOT EXISTS errors_to_day TO errors_by_day AS
SELECT toDate(errors_by_hour.ts) AS ts, provider, code, status, retry, retryable, standing, class, side, service, environment, sum(count) AS count
FROM errors_by_hour GROUP BY ts, provider, code, status, retry, retryable, standing, class, side, service, environment;

CREATE TABLE IF NOT EXISTS traffic_by_10s (
  ts DateTime('UTC') CODEC(Delta, ZSTD(1)),
  provider LowCardinality(String),
  service LowCardinality(String),
  side Enum8('server' = 0, 'client' = 1),
  route LowCardinality(String),
  status_class Enum8('other' = 0, '1xx' = 1, '2xx' = 2, '3xx' = 3, '4xx' = 4, '5xx' = 5, 'rpc_ok' = 6, 'rpc_error' = 7),
  environment LowCardinality(String),
  calls SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  errors SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  retries SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  logical_calls SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1))
) ENGINE = AggregatingMergeTree PARTITION BY toDate(ts) PRIMARY KEY (ts, provider, service) ORDER BY (ts, provider, service, side, route, status_class, environment)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_parts_to_merge_at_once = 10, min_bytes_for_wide_part = 67108864;

CREATE TABLE IF NOT EXISTS traffic_by_minute (
  ts DateTime('UTC') CODEC(Delta, ZSTD(1)),
  provider LowCardinality(String),
  service LowCardinality(String),
  side Enum8('server' = 0, 'client' = 1),
  route LowCardinality(String),
  status_class Enum8('other' = 0, '1xx' = 1, '2xx' = 2, '3xx' = 3, '4xx' = 4, '5xx' = 5, 'rpc_ok' = 6, 'rpc_error' = 7),
  environment LowCardinality(String),
  calls SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  errors SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  retries SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  logical_calls SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1))
) ENGINE = AggregatingMergeTree PARTITION BY toDate(ts) PRIMARY KEY (ts, provider, service) ORDER BY (ts, provider, service, side, route, status_class, environment)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_parts_to_merge_at_once = 10, min_bytes_for_wide_part = 67108864;

CREATE TABLE IF NOT EXISTS traffic_by_hour (
  ts DateTime('UTC') CODEC(Delta, ZSTD(1)),
  provider LowCardinality(String),
  service LowCardinality(String),
  side Enum8('server' = 0, 'client' = 1),
  route LowCardinality(String),
  status_class Enum8('other' = 0, '1xx' = 1, '2xx' = 2, '3xx' = 3, '4xx' = 4, '5xx' = 5, 'rpc_ok' = 6, 'rpc_error' = 7),
  environment LowCardinality(String),
  calls SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  errors SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  retries SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  logical_calls SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1))
) ENGINE = AggregatingMergeTree PARTITION BY toDate(ts) PRIMARY KEY (ts, provider, service) ORDER BY (ts, provider, service, side, route, status_class, environment)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_parts_to_merge_at_once = 10, min_bytes_for_wide_part = 67108864;

CREATE TABLE IF NOT EXISTS traffic_by_day (
  ts Date CODEC(Delta, ZSTD(1)),
  provider LowCardinality(String),
  service LowCardinality(String),
  side Enum8('server' = 0, 'client' = 1),
  route LowCardinality(String),
  status_class Enum8('other' = 0, '1xx' = 1, '2xx' = 2, '3xx' = 3, '4xx' = 4, '5xx' = 5, 'rpc_ok' = 6, 'rpc_error' = 7),
  environment LowCardinality(String),
  calls SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  errors SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  retries SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  logical_calls SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1))
) ENGINE = AggregatingMergeTree PARTITION BY toYYYYMM(ts) PRIMARY KEY (ts, provider, service) ORDER BY (ts, provider, service, side, route, status_class, environment)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_parts_to_merge_at_once = 10, min_bytes_for_wide_part = 67108864;

CREATE MATERIALIZED VIEW IF NOT EXISTS traffic_to_10s TO traffic_by_10s AS
SELECT ts, provider, service, side, route, status_class, environment, sum(calls) AS calls, sum(errors) AS errors, sum(retries) AS retries, sum(logical_calls) AS logical_calls
FROM traffic GROUP BY ts, provider, service, side, route, status_class, environment;

CREATE MATERIALIZED VIEW IF NOT EXISTS traffic_to_minute TO traffic_by_minute AS
SELECT toStartOfMinute(traffic_by_10s.ts) AS ts, provider, service, side, route, status_class, environment, sum(calls) AS calls, sum(errors) AS errors, sum(retries) AS retries, sum(logical_calls) AS logical_calls
FROM traffic_by_10s GROUP BY ts, provider, service, side, route, status_class, environment;

CREATE MATERIALIZED VIEW IF NOT EXISTS traffic_to_hour TO traffic_by_hour AS
SELECT toStartOfHour(traffic_by_minute.ts) AS ts, provider, service, side, route, status_class, environment, sum(calls) AS calls, sum(errors) AS errors, sum(retries) AS retries, sum(logical_calls) AS logical_calls
FROM traffic_by_minute GROUP BY ts, provider, service, side, route, status_class, environment;

CREATE MATERIALIZED VIEW IF NOT EXISTS traffic_to_day TO traffic_by_day AS
SELECT toDate(traffic_by_hour.ts) AS ts, provider, service, side, route, status_class, environment, sum(calls) AS calls, sum(errors) AS errors, sum(retries) AS retries, sum(logical_calls) AS logical_calls
FROM traffic_by_hour GROUP BY ts, provider, service, side, route, status_class, environment;

-- Where the rows of an id are: 40 bits of its hash, and the second. Narrow, for every error has two or three ids.
CREATE TABLE IF NOT EXISTS requests (
  h UInt64 CODEC(T64, LZ4),
  ts DateTime('UTC') CODEC(T64, LZ4),
  source Enum8('errors' = 0, 'attempts' = 1)
) ENGINE = MergeTree PARTITION BY toDate(ts) ORDER BY h
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_parts_to_merge_at_once = 10, min_bytes_for_wide_part = 67108864,
  index_granularity = 2048, min_compress_block_size = 16384;

CREATE MATERIALIZED VIEW IF NOT EXISTS errors_to_requests TO requests AS
SELECT bitShiftRight(id, 24) AS h, toDateTime(errors.ts, 'UTC') AS ts, 'errors' AS source
FROM errors
ARRAY JOIN arrayFilter(x -> x != 0, arrayConcat(
  [if(request_id = '', 0, sipHash64(request_id)), if(trace_id = toFixedString('', 16), 0, sipHash64(trace_id)), if(call_id = '', 0, sipHash64(call_id))],
  if(other_request_ids = '', [], arrayMap(x -> sipHash64(x), splitByChar('\n', other_request_ids))))) AS id;

CREATE MATERIALIZED VIEW IF NOT EXISTS attempts_to_requests TO requests AS
SELECT bitShiftRight(id, 24) AS h, toDateTime(attempts.ts, 'UTC') AS ts, 'attempts' AS source
FROM attempts
ARRAY JOIN arrayFilter(x -> x != 0, arrayConcat(
  [if(request_id = '', 0, sipHash64(request_id)), if(trace_id = toFixedString('', 16), 0, sipHash64(trace_id)), if(call_id = '', 0, sipHash64(call_id))],
  if(other_request_ids = '', [], arrayMap(x -> sipHash64(x), splitByChar('\n', other_request_ids))))) AS id;

-- Codes by themselves, whoever met them: a fraction of the rows of errors_by_minute, for all questions that name no
-- service and no environment.
CREATE TABLE IF NOT EXISTS codes_by_minute (
  ts DateTime('UTC') CODEC(Delta, ZSTD(1)),
  provider LowCardinality(String),
  code LowCardinality(String),
  status UInt16,
  retry Enum8('unknown' = 0, 'never' = 1, 'after_wait' = 2, 'backoff' = 3, 'once' = 4, 'after_reauth' = 5, 'new_idempotency_key' = 6, 'later' = 7),
  retryable Bool,
  standing Enum8('known' = 0, 'deprecated' = 1, 'unknown' = 2, 'mismatched' = 3, 'uncoded' = 4),
  class Enum8('other' = 0, 'auth' = 1, 'permission' = 2, 'validation' = 3, 'not_found' = 4, 'conflict' = 5, 'rate_limit' = 6, 'quota' = 7, 'billing' = 8, 'concurrency' = 9, 'upstream' = 10, 'maintenance' = 11, 'internal' = 12),
  side Enum8('server' = 0, 'client' = 1),
  count SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1))
) ENGINE = AggregatingMergeTree PARTITION BY toDate(ts) PRIMARY KEY (ts, provider, code) ORDER BY (ts, provider, code, status, retry, retryable, standing, class, side)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_parts_to_merge_at_once = 10, min_bytes_for_wide_part = 67108864;

CREATE MATERIALIZED VIEW IF NOT EXISTS errors_by_minute_to_codes_by_minute TO codes_by_minute AS
SELECT ts, provider, code, status, retry, retryable, standing, class, side, sum(count) AS count
FROM errors_by_minute GROUP BY ts, provider, code, status, retry, retryable, standing, class, side;

-- And by hour with how far each code reached. Request ids are distinct within an insert, where a repeated one is likely
-- to be, and summed; consumers are a sketch, good to about 2 %. Small granules, for sketches are large: only the hours and
-- the codes that are asked for are read.
CREATE TABLE IF NOT EXISTS codes_by_hour (
  ts DateTime('UTC'),
  provider LowCardinality(String),
  code LowCardinality(String),
  status UInt16,
  retry Enum8('unknown' = 0, 'never' = 1, 'after_wait' = 2, 'backoff' = 3, 'once' = 4, 'after_reauth' = 5, 'new_idempotency_key' = 6, 'later' = 7),
  retryable Bool,
  standing Enum8('known' = 0, 'deprecated' = 1, 'unknown' = 2, 'mismatched' = 3, 'uncoded' = 4),
  class Enum8('other' = 0, 'auth' = 1, 'permission' = 2, 'validation' = 3, 'not_found' = 4, 'conflict' = 5, 'rate_limit' = 6, 'quota' = 7, 'billing' = 8, 'concurrency' = 9, 'upstream' = 10, 'maintenance' = 11, 'internal' = 12),
  side Enum8('server' = 0, 'client' = 1),
  count SimpleAggregateFunction(sum, UInt64),
  first_seen SimpleAggregateFunction(min, DateTime64(9, 'UTC')),
  last_seen SimpleAggregateFunction(max, DateTime64(9, 'UTC')),
  first_service AggregateFunction(argMin, LowCardinality(String), DateTime64(9, 'UTC')),
  first_version AggregateFunction(argMin, LowCardinality(String), DateTime64(9, 'UTC')),
  services SimpleAggregateFunction(groupUniqArrayArray, Array(String)),
  requests SimpleAggregateFunction(sum, UInt64),
  consumers AggregateFunction(uniqHLL12If, LowCardinality(String), UInt8)
) ENGINE = AggregatingMergeTree PARTITION BY toDate(ts) ORDER BY (ts, provider, code, status, retry, retryable, standing, class, side)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_parts_to_merge_at_once = 10, min_bytes_for_wide_part = 67108864, index_granularity = 256;

CREATE MATERIALIZED VIEW IF NOT EXISTS errors_to_codes_by_hour TO codes_by_hour AS
SELECT toDateTime(toStartOfHour(errors.ts), 'UTC') AS ts, provider, code, status, retry, retryable, standing, class, side, count() AS count,
  min(errors.ts) AS first_seen, max(errors.ts) AS last_seen,
  argMinState(service, errors.ts) AS first_service, argMinState(service_version, errors.ts) AS first_version,
  groupUniqArray(CAST(service, 'String')) AS services,
  uniqExactIf(request_id, request_id != '') AS requests, uniqHLL12IfState(consumer, consumer != '') AS consumers
FROM errors GROUP BY ts, provider, code, status, retry, retryable, standing, class, side;

-- Every code ever seen, a row a day: first and last time, and who brought it.
CREATE TABLE IF NOT EXISTS codes (
  ts Date,
  provider LowCardinality(String),
  code LowCardinality(String),
  status UInt16,
  retry Enum8('unknown' = 0, 'never' = 1, 'after_wait' = 2, 'backoff' = 3, 'once' = 4, 'after_reauth' = 5, 'new_idempotency_key' = 6, 'later' = 7),
  retryable Bool,
  standing Enum8('known' = 0, 'deprecated' = 1, 'unknown' = 2, 'mismatched' = 3, 'uncoded' = 4),
  class Enum8('other' = 0, 'auth' = 1, 'permission' = 2, 'validation' = 3, 'not_found' = 4, 'conflict' = 5, 'rate_limit' = 6, 'quota' = 7, 'billing' = 8, 'concurrency' = 9, 'upstream' = 10, 'maintenance' = 11, 'internal' = 12),
  side Enum8('server' = 0, 'client' = 1),
  count SimpleAggregateFunction(sum, UInt64),
  first_seen SimpleAggregateFunction(min, DateTime64(9, 'UTC')),
  last_seen SimpleAggregateFunction(max, DateTime64(9, 'UTC')),
  first_service AggregateFunction(argMin, LowCardinality(String), DateTime64(9, 'UTC')),
  first_version AggregateFunction(argMin, LowCardinality(String), DateTime64(9, 'UTC')),
  services SimpleAggregateFunction(groupUniqArrayArray, Array(String)),
  requests SimpleAggregateFunction(sum, UInt64),
  consumers AggregateFunction(uniqHLL12If, LowCardinality(String), UInt8)
) ENGINE = AggregatingMergeTree PARTITION BY toYYYYMM(ts) ORDER BY (provider, code, status, retry, retryable, standing, class, side, ts)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_parts_to_merge_at_once = 10, min_bytes_for_wide_part = 67108864, index_granularity = 256;

CREATE MATERIALIZED VIEW IF NOT EXISTS codes_by_hour_to_codes TO codes AS
SELECT toDate(codes_by_hour.ts) AS ts, provider, code, status, retry, retryable, standing, class, side, sum(count) AS count, min(first_seen) AS first_seen, max(last_seen) AS last_seen,
  argMinMergeState(first_service) AS first_service, argMinMergeState(first_version) AS first_version,
  groupUniqArrayArray(services) AS services, sum(requests) AS requests, uniqHLL12IfMergeState(consumers) AS consumers
FROM codes_by_hour GROUP BY ts, provider, code, status, retry, retryable, standing, class, side;

CREATE TABLE IF NOT EXISTS dead_letters (
  id String,
  ts DateTime64(3, 'UTC'),
  origin LowCardinality(String),
  origin_offset UInt64,
  reason LowCardinality(String),
  detail String,
  content_type LowCardinality(String),
  payload String CODEC(ZSTD(1)),
  replayed_at Nullable(DateTime64(3, 'UTC'))
) ENGINE = ReplacingMergeTree(ts) PARTITION BY toDate(ts) ORDER BY id;

CREATE TABLE IF NOT EXISTS alerts (
  id String,
  version UInt64,
  detector LowCardinality(String),
  state LowCardinality(String),
  severity LowCardinality(String),
  provider LowCardinality(String),
  code LowCardinality(String),
  service LowCardinality(String),
  consumer String,
  opened_at DateTime64(3, 'UTC'),
  closed_at Nullable(DateTime64(3, 'UTC')),
  finding String CODEC(ZSTD(1))
) ENGINE = ReplacingMergeTree(version) ORDER BY id;

CREATE TABLE IF NOT EXISTS tokens (
  id String,
  name String,
  scope LowCardinality(String),
  hash FixedString(32),
  created_at DateTime64(3, 'UTC'),
  expires_at Nullable(DateTime64(3, 'UTC')),
  revoked_at Nullable(DateTime64(3, 'UTC')),
  version UInt64
) ENGINE = ReplacingMergeTree(version) ORDER BY id;
