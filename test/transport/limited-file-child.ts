// Run by full-disk.test.ts under a limit on the size of files: appends 500 records, each until it is taken.
import { openJournal } from '../../services/transport/inline/journal.ts'

const FRAMES_SEED = 4711
const directory = process.argv[2]
const journal = await openJournal({
  directory,
  identity: { origin: 'inline:test', seed: FRAMES_SEED },
  position: 0,
})

let taken = 0
let refusals = 0
for (let n = 0; n < 500; ) {
  const fingerprint = Buffer.alloc(16)
  fingerprint.writeUInt32LE(n)
  const outcome = await journal.append(fingerprint, Buffer.from(`record ${n} `.padEnd(500, '.')))
  if (outcome.status === 'done') {
    if (!outcome.duplicate) taken++
    n++
  } else {
    refusals++
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const read: number[] = []
while (read.length < journal.durableEnd)
  for (const { record } of await journal.read(read.length, 1 << 20))
    read.push(Number(/^record (\d+) /.exec(record.toString('latin1'))![1]))
await journal.close()
process.stdout.write(JSON.stringify({ taken, refusals, read }))
