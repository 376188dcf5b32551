// Run, and killed, by kill.test.ts: takes numbered payloads into a journal, says so, and stores what it reads there in
// one file a range.
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { openInline } from '../../services/transport/inline/open.ts'

const [directory, from, until] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])]
const CLIENTS = 8
const BLOCK = 100

const { append, source, ledger, stats, close } = await openInline({
  directory: join(directory, 'journal'),
  segmentBytes: 50_000,
})
let stopping = false

async function read(first: number, end: number): Promise<number[]> {
  const numbers: number[] = []
  while (first + numbers.length < end)
    for (const { offset, record } of await source.read(first + numbers.length, 100_000))
      if (offset < end) numbers.push(record.readUInt32LE())
  return numbers
}

/** Like an insert with a token: the same range again must be the same block, and changes nothing. */
async function store(first: number, end: number): Promise<void> {
  const path = join(directory, 'stored', `${[first, end].map((n) => String(n).padStart(9, '0')).join('-')}`)
  const text = JSON.stringify(await read(first, end))
  const before = await readFile(path, 'utf8').catch(() => text)
  if (before !== text) throw new Error(`${path} was another block before`)
  const handle = await open(join(directory, 'unfinished'), 'w')
  await handle.writeFile(text)
  await handle.sync()
  await handle.close()
  await rename(join(directory, 'unfinished'), path)
  await ledger.advance(end)
  await source.release(end)
}

async function consume(): Promise<void> {
  const { intent } = ledger.read()
  if (intent !== null) await store(intent.first, intent.end)
  const waking = new AbortController()
  const timer = setInterval(() => stopping && waking.abort(), 20)
  for (;;) {
    const { position } = ledger.read()
    await source.wait(position, waking.signal)
    const end = Math.min(stats().durableEnd, position + BLOCK)
    if (end === position) break
    await ledger.intend({ first: position, end })
    await store(position, end)
  }
  clearInterval(timer)
}

let next = from
async function send(): Promise<void> {
  while (next < until) {
    const n = next++
    const record = Buffer.alloc(50 + ((n * 7919) % 3000), n)
    record.writeUInt32LE(n)
    const fingerprint = Buffer.alloc(16)
    fingerprint.writeUInt32LE(n)
    const outcome = await append(fingerprint, record)
    if (outcome.status !== 'done') throw outcome.error
    process.stdout.write(`ack ${n}.\n`)
  }
}

const consuming = consume()
await Promise.all(Array.from({ length: CLIENTS }, send))
stopping = true
await consuming
await close()
