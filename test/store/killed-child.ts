import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { numberedBlock } from './numbered-block.ts'
import { temporaryStore } from './temp-store.ts'

// Inserts numbered blocks one after the other until it is killed, as the consumer does: what is intended stands in a
// file before the insert, what is stored after it. Answers on stdout what it has mended and when it begins to insert.

const [directory, last] = [process.argv[2]!, Number(process.argv[3])]
const file = join(directory, 'position.json')
const write = (state: { position: number; intended: boolean }) => {
  writeFileSync(`${file}.new`, JSON.stringify(state))
  renameSync(`${file}.new`, file)
}
let { position, intended } = existsSync(file)
  ? (JSON.parse(readFileSync(file, 'utf8')) as { position: number; intended: boolean })
  : { position: 0, intended: false }

const store = await temporaryStore(directory)
process.stdout.write('ready\n')
for (; position < last; position++) {
  const block = numberedBlock(position)
  write({ position, intended: true })
  await store.insert(block)
  if (intended) await store.mend(block)
  for (const notice of store.notices.splice(0)) process.stdout.write(`mended ${JSON.stringify(notice)}\n`)
  intended = false
  write({ position: position + 1, intended })
  // Room for what the engine does by itself, merges above all.
  await delay(position % 3)
}
await store.close()
process.stdout.write('through\n')
process.exit(0)
