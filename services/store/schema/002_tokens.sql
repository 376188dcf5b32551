-- Who may. Nothing has written to `tokens` before this. What is revoked stays so, whatever happens to the machine
-- afterwards: every insert is synced. When a token was used last is noted apart, so that noting it can never bring
-- back a row that somebody has just revoked.

ALTER TABLE tokens
  ADD COLUMN IF NOT EXISTS scopes Array(LowCardinality(String)) AFTER name,
  DROP COLUMN IF EXISTS scope;

ALTER TABLE tokens MODIFY SETTING fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS token_uses (
  id String,
  last_used_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
) ENGINE = AggregatingMergeTree ORDER BY id;
