import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type Bench, openBench } from './shop.ts'
import { openWorkshop, type Tools, type Workshop } from './workshop.ts'

interface Case {
  bench: Bench
  workshop: Workshop
}

/** For the tests of a file: a document's files, installed, and a Telltale; or all are skipped, with the reason. */
export function caseOf(document: string, tools: Tools): Case {
  const opened = {} as Case
  let missing = ''
  beforeAll(async () => {
    const workshop = await openWorkshop(document, tools)
    if (typeof workshop === 'string') {
      missing = workshop
      return
    }
    opened.workshop = workshop
    opened.bench = await openBench()
  }, 600_000)
  beforeEach(({ skip }) => skip(missing !== '', missing))
  afterAll(async () => {
    opened.workshop?.close()
    await opened.bench?.close()
  })
  return opened
}
