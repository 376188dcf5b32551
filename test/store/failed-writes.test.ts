import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reservedBytes } from '../../services/store/connect/disk-room.ts'
import { startTending } from '../../services/store/upkeep/tend.ts'
import { fillDisk, NO_SMALL_DISK, smallDisk } from '../small-disk.ts'
import { blockOf, SMALL } from './block-of.ts'
import { temporaryStore } from './temp-store.ts'

// Something else takes the last byte of the disk after the engine has looked for room and before it writes. It says that
// all is well.

const disk = smallDisk(64)
const data = join(disk.directory, 'data')
const ballast = join(disk.directory, 'ballast')
const more = join(disk.directory, 'more')

describe('what the engine could not write', async () => {
  if (!disk.mounted) {
    disk.remove()
    test('needs a disk of its own', ({ skip }) => skip(NO_SMALL_DISK))
    return
  }
  let store: Awaited<ReturnType<typeof temporaryStore>>
  const rows = async () => Number((await store.client.query('SELECT count() AS n FROM errors'))[0]!.n)
  const room = () => {
    rmSync(ballast, { force: true })
    rmSync(more, { force: true })
  }
  beforeAll(async () => {
    store = await temporaryStore(data)
    await store.insert(blockOf('journal', 1, [{ ...SMALL, errors: 3000 }]))
  })
  afterAll(async () => {
    await store.close()
    disk.remove('lazily')
  })

  test('is a failure of the statement', async () => {
    const file = join(disk.directory, 'outside.native')
    const write = (rows: number) =>
      store.client.command(
        `INSERT INTO FUNCTION file('${file}', 'Native') SELECT randomPrintableASCII(1000) FROM numbers(${rows})`,
      )
    await expect(write(200_000)).rejects.toThrow('could not write to the disk')
    rmSync(file)
    await write(10)
  })

  test('of a part: it is noticed, and an engine that is opened again takes what it was made of', {
    timeout: 90_000,
  }, async () => {
    const tend = async () => {
      const broken: string[] = []
      const tending = await startTending({
        client: store.client,
        inTurn: store.inTurn,
        retention: store.retention,
        notice: () => {},
        broken: (parts) => broken.push(...parts),
      })
      await tending.stop()
      return broken
    }
    expect(await tend()).toEqual([])
    fillDisk(ballast, (await reservedBytes(data)) + 8_000_000)
    // The engine looks for room first; the condition takes it three seconds, as long as it may.
    await store.client.command(
      `ALTER TABLE errors UPDATE message = 'other' WHERE sleepEachRow(0.001) = 0 SETTINGS mutations_sync = 0, function_sleep_max_microseconds_per_block = 60000000`,
    )
    fillDisk(more)
    await expect.poll(tend, { timeout: 60_000, interval: 100 }).toEqual([expect.stringMatching(/^errors /)])
    await expect(store.client.query('SELECT sum(length(message)) FROM errors')).rejects.toThrow()

    room()
    await store.close()
    store = await temporaryStore(data)
    expect(await rows()).toBe(3000)
    const [read] = await store.client.query('SELECT sum(length(message)) AS n FROM errors')
    expect(Number(read!.n)).toBeGreaterThan(3000)
    expect(await tend()).toEqual([])
  })
})
