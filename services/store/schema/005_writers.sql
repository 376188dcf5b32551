-- Several processes that write into one database. Both tables only grow, by a row for each of these rare events, and the
-- newest row of each says how things are.

-- Whose turn it is to move or remove rows; without a holder everybody may insert. A row's number is its token, so of
-- several that are written at once under one number, one is kept.
CREATE TABLE IF NOT EXISTS upkeep_turns (
  turn UInt64,
  holder String,
  at DateTime64(3, 'UTC')
) ENGINE = MergeTree ORDER BY turn SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Whose inserts of an origin are taken.
CREATE TABLE IF NOT EXISTS origin_claims (
  origin String,
  claim UInt64,
  owner String,
  at DateTime64(3, 'UTC')
) ENGINE = MergeTree ORDER BY (origin, claim) SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
