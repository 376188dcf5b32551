import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { checkDisk } from '../../services/cli/doctor/disk.ts'
import { loadConfig } from '../../services/config.ts'

test('a reserve that the disk does not have free is told: no spans would be taken', async () => {
  const { config } = loadConfig({ flags: { data: tmpdir() }, env: {} })
  const found = await checkDisk({ ...config, limits: { ...config.limits, diskReserveBytes: 2 ** 50 } })
  expect(found).toEqual([
    expect.objectContaining({ status: 'fail', found: expect.stringContaining('limits.disk_reserve_bytes') }),
  ])
})
