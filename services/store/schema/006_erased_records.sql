-- Which records an erasure took rows of, from which table and day: where their block is made good afterwards, these rows
-- stay away and all others come back. It goes with the day's rows.
CREATE TABLE IF NOT EXISTS erased_records (
  erasure LowCardinality(String),
  source LowCardinality(String),
  day Date,
  origin LowCardinality(String),
  origin_offset UInt64
) ENGINE = MergeTree PARTITION BY day ORDER BY (origin, origin_offset) SETTINGS fsync_after_insert = 1;

-- Erasures of before have written down no records: of these it is all rows that happened up to an hour after.
ALTER TABLE erasures ADD COLUMN IF NOT EXISTS by_records Bool DEFAULT false;
