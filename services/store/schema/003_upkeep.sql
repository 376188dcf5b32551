-- What upkeep took away on purpose, so that mending neither misses it nor puts it back.

-- Rows of days before `since` went because the disk was to be kept free; the counts of those days stayed.
CREATE TABLE IF NOT EXISTS rows_since (
  at DateTime64(3, 'UTC'),
  since Date
) ENGINE = MergeTree ORDER BY at SETTINGS fsync_after_insert = 1;

-- What was asked to be forgotten, never as itself: SHA-256 of `id`, a colon and the value. One that a kill cut short has
-- removed some rows and not others, and has to be asked for again.
CREATE TABLE IF NOT EXISTS erasures (
  id String,
  at DateTime64(3, 'UTC'),
  kind Enum8('consumer' = 0, 'request_id' = 1),
  hash FixedString(32),
  state Enum8('begun' = 0, 'done' = 1, 'cut_short' = 2),
  rows UInt64,
  version UInt8
) ENGINE = ReplacingMergeTree(version) ORDER BY id SETTINGS fsync_after_insert = 1;

-- How often erased errors counted in the rollups, by what those tell anyway. It goes with the day's rows.
CREATE TABLE IF NOT EXISTS errors_erased (
  erasure LowCardinality(String),
  ts DateTime('UTC'),
  provider LowCardinality(String),
  code LowCardinality(String),
  status UInt16,
  retry Enum8('unknown' = 0, 'never' = 1, 'after_wait' = 2, 'backoff' = 3, 'once' = 4, 'after_reauth' = 5, 'new_idempotency_key' = 6, 'later' = 7),
  retryable Bool,
  standing Enum8('known' = 0, 'deprecated' = 1, 'unknown' = 2, 'mismatched' = 3, 'uncoded' = 4),
  class Enum8('other' = 0, 'auth' = 1, 'permission' = 2, 'validation' = 3, 'not_found' = 4, 'conflict' = 5, 'rate_limit' = 6, 'quota' = 7, 'billing' = 8, 'concurrency' = 9, 'upstream' = 10, 'maintenance' = 11, 'internal' = 12),
  side Enum8('server' = 0, 'client' = 1),
  service LowCardinality(String),
  service_version LowCardinality(String),
  environment LowCardinality(String),
  count UInt64,
  first_seen DateTime64(9, 'UTC'),
  last_seen DateTime64(9, 'UTC'),
  requests UInt64,
  consumers AggregateFunction(uniqHLL12If, LowCardinality(String), UInt8)
) ENGINE = MergeTree PARTITION BY toDate(ts) ORDER BY ts SETTINGS fsync_after_insert = 1;
