import { afterEach, describe, expect, test } from 'vitest'
import { createLive, type Live } from '../../../services/api/live/live.ts'
import type { CodeCount } from '../../../services/consumer/code-counts.ts'

interface Heard {
  id: string | undefined
  event: string | undefined
  data: Record<string, unknown>
}

let live: Live
afterEach(() => live.close())

const TICK_MS = 5
const one = (code: string, count = 1, standing: CodeCount['standing'] = 'known'): CodeCount => ({
  provider: 'session-api',
  code,
  standing,
  status: 429,
  service: 'checkout',
  service_version: '1.0',
  count,
})
const deliver = (...counts: CodeCount[]) =>
  live.delivered({
    codes: (which) => (which === 'all' ? counts : counts.filter(({ standing }) => standing === 'unknown')),
  })

/** Follows until `count` events came. */
const hear = (count: number, after?: string) =>
  new Promise<Heard[]>((resolve) => {
    const heard: Heard[] = []
    const leave = live.follow(after, (frame) => {
      expect(frame.endsWith('\n\n')).toBe(true)
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(frame)?.[1]
      heard.push({ id: field('id'), event: field('event'), data: JSON.parse(field('data') ?? 'null') })
      if (heard.length < count) return
      // `follow` may still be telling of what was missed.
      queueMicrotask(() => leave())
      resolve(heard)
    })
  })

describe('counts', () => {
  test('of several blocks are summed up, the most frequent first', async () => {
    live = createLive([], TICK_MS)
    const heard = hear(1)
    deliver(one('A'), one('B', 3))
    deliver(one('A', 5), one('B', 1, 'mismatched'))
    expect(await heard).toMatchObject([
      {
        event: 'counts',
        data: {
          errors: 10,
          codes: [
            { provider: 'session-api', code: 'A', standing: 'known', count: 6 },
            { code: 'B', standing: 'known', count: 3 },
            { code: 'B', standing: 'mismatched', count: 1 },
          ],
          more: 0,
        },
      },
    ])
  })

  test('name fifty codes and say how many more there are', async () => {
    live = createLive([], TICK_MS)
    const heard = hear(1)
    deliver(...Array.from({ length: 80 }, (_, i) => one(`C${i}`, i + 1)))
    const [{ data }] = (await heard) as [Heard]
    expect([data.errors, (data.codes as unknown[]).length, data.more]).toEqual([3240, 50, 30])
  })

  test('are not taken while nobody follows', () => {
    live = createLive([], TICK_MS)
    const asked: string[] = []
    live.delivered({
      codes: (which) => {
        asked.push(which)
        return []
      },
    })
    expect(asked).toEqual(['unknown'])
  })
})

test('a code that nobody documents is news once, and none that was seen before', async () => {
  live = createLive([{ provider: 'session-api', code: 'OLD' }], TICK_MS)
  const first = hear(2)
  deliver(one('NEW', 1, 'unknown'), one('OLD', 1, 'unknown'), one('NEW', 2, 'unknown'))
  expect(await first).toMatchObject([
    { event: 'unknown_codes', data: { codes: [{ code: 'NEW', status: 429, service: 'checkout' }], more: 0 } },
    { event: 'counts' },
  ])
  const second = hear(1)
  deliver(one('NEW', 1, 'unknown'))
  expect(await second).toMatchObject([{ event: 'counts' }])
})

describe('who comes back', () => {
  test('gets what it missed, then what comes', async () => {
    live = createLive([], TICK_MS)
    const other = hear(3)
    const first = hear(1)
    deliver(one('A'))
    const [{ id }] = (await first) as [Heard]
    for (const code of ['B', 'C']) {
      const told = hear(1)
      deliver(one(code))
      await told
    }
    await other
    const missed = await hear(2, id)
    expect(missed.map(({ data }) => (data.codes as CodeCount[])[0]?.code)).toEqual(['B', 'C'])
    expect(missed.map((event) => event.id)).not.toContain(id)
  })

  test.each(['', 'nonsense', '0-0', 'm0abc-99999999999999999999', 'ä', '../../etc'])(
    'with the id %j, of nothing that is kept: hears that there is a gap',
    async (id) => {
      live = createLive([], TICK_MS)
      expect(await hear(1, id)).toEqual([{ id: undefined, event: 'gap', data: {} }])
    },
  )

  test('after more than is kept: a gap', async () => {
    live = createLive([], 0)
    const stay = live.follow(undefined, () => {})
    const first = hear(1)
    deliver(one('A'))
    const [{ id }] = (await first) as [Heard]
    for (let i = 0; i < 130; i++) {
      const told = hear(1)
      deliver(one('B'))
      await told
    }
    expect(await hear(1, id)).toMatchObject([{ event: 'gap' }])
    stay()
  })
})
