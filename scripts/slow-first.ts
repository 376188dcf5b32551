import { BaseSequencer, type TestSpecification } from 'vitest/node'

// Where no earlier run has left its times (a fresh clone, CI), vitest begins with the largest files; these are small
// and take longest: begun last, they would keep one worker busy while all others are done.

const SLOW = [
  'chaos/chaos',
  'chaos/kafka',
  'cli/demo',
  'package/pack',
  'e2e/kafka',
  'store/reclassify',
  'store/mend',
  'e2e/reclassify',
  'e2e/self',
  'cli/keep/housekeeping',
  'instrumentation/packed',
].map((name) => `/test/${name}.test.ts`)

export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = SLOW.findIndex((name) => moduleId.endsWith(name))
      return at === -1 ? SLOW.length : at
    }
    return (await super.sort(files)).sort((one, other) => place(one) - place(other))
  }
}
