-- Days whose rows got another verdict, so that a kill in between is known of at the next start.
CREATE TABLE IF NOT EXISTS reclassifications (
  id String,
  at DateTime64(3, 'UTC'),
  provider String,
  since DateTime('UTC'),
  day Date,
  state Enum8('begun' = 0, 'done' = 1, 'cut_short' = 2),
  version UInt8
) ENGINE = ReplacingMergeTree(version) ORDER BY (id, day) SETTINGS fsync_after_insert = 1;
