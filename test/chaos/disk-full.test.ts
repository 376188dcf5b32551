import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { eventually, startUp } from '../e2e/up.ts'
import { fillDisk, NO_SMALL_DISK, smallDisk } from '../small-disk.ts'
import { audit } from './audit.ts'
import { add, makePayload, nothingSent, post } from './sender.ts'

// A disk that fills up while spans come in: clients are asked to come again, and once there is room nothing is
// missing and nothing is twice.

interface Check {
  ok: boolean
  reason?: string
}
interface Answer {
  data: { checks: Check[] } | null
  error: { details: { checks: Check[] } }
}

const MEGABYTES = 48
const FIFTH = (MEGABYTES * 1_048_576) / 5
const disk = smallDisk(MEGABYTES)
afterAll(() => disk.remove())

test('a full disk is 503 until there is room, and nothing is lost or counted twice', {
  timeout: 60_000,
}, async ({ skip }) => {
  skip(!disk.mounted, NO_SMALL_DISK)
  const data = join(disk.directory, 'data')
  const ballast = join(disk.directory, 'ballast')
  const up = await startUp(data)
  const sent = nothingSent()
  const waiting: ReturnType<typeof makePayload>[] = []

  const send = async (payload: ReturnType<typeof makePayload>): Promise<number> => {
    const status = await post(`${up.otlpUrl}/v1/traces`, payload.body)
    if (status === 200) add(sent, payload.sent)
    return status
  }
  for (let i = 0; i < 5; i++) expect(await send(makePayload(50))).toBe(200)

  // Not to the last byte: what intake takes until it stops, the store has room for.
  fillDisk(ballast, FIFTH + 500_000)
  for (let status = 200; status === 200; ) status = await send(makePayload(400))
  const checks = async () => {
    const answer = (await (await fetch(`${up.url}/readyz`)).json()) as Answer
    return (answer.data ?? answer.error.details).checks
  }
  await eventually(async () => {
    const [store, transport, consumer] = await checks()
    return (store!.ok && consumer!.ok && /disk is full/.test(transport!.reason ?? '')) || undefined
  }, 'ready but for the room')
  const stored = async (name: string) =>
    Number(new RegExp(`^${name} (\\d+)`, 'm').exec(await (await fetch(`${up.url}/metrics`)).text())?.[1])
  await eventually(async () => ((await stored('telltale_journal_bytes')) === 0 ? true : undefined), 'stored')
  rmSync(ballast)
  await eventually(async () => (await checks()).every(({ ok }) => ok) || undefined, 'room is seen')

  fillDisk(ballast)
  // The journal may have some room of its own left.
  for (let i = 0; i < 400 && waiting.length < 10; i++) {
    const payload = makePayload(80)
    const status = await send(payload)
    if (status !== 200) {
      expect(status).toBe(503)
      waiting.push(payload)
    }
  }
  expect(waiting.length).toBe(10)

  rmSync(ballast)
  const deadline = performance.now() + 20_000
  for (const payload of waiting)
    while ((await send(payload)) !== 200)
      if (performance.now() > deadline) throw new Error(`still refused with room on the disk:\n${up.said()}`)
  expect(await up.stop()).toBe(0)
  expect(await audit(data, sent)).toEqual([])
})
