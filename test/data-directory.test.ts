import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { makeDataDirectory, roomIn } from '../services/data-directory.ts'

const parent = mkdtempSync(join(tmpdir(), 'telltale-data-'))
afterAll(() => rmSync(parent, { recursive: true, force: true }))

describe('the data directory', () => {
  test('is made with all above it, and nothing is left in it', async () => {
    const directory = join(parent, 'a b/ü/it\'s "here"')
    await makeDataDirectory(directory, 'engine')
    expect(statSync(directory).isDirectory()).toBe(true)
    expect(readdirSync(directory)).toEqual([])
    await makeDataDirectory(directory, 'engine')
  })

  test.each(['{y}', 'a?', '*', 'b\\s', 'a.zip :: b', 'q{1,2}/deep'])(
    'is refused where the engine would read other files than were written: %s',
    async (name) => {
      const directory = join(parent, name)
      await expect(makeDataDirectory(directory, 'engine')).rejects.toThrow(/--data/)
      expect(existsSync(directory)).toBe(false)
      await makeDataDirectory(directory, 'journal')
    },
  )

  test.for(['/proc', '/proc/telltale', '/proc/telltale/deep'])(
    'says so where nothing can be made, rather than trying for ever: %s',
    async (directory, { skip }) => {
      skip(process.platform !== 'linux', 'other systems have no /proc')
      await expect(makeDataDirectory(directory, 'engine')).rejects.toMatchObject({
        code: 'ENOENT',
        path: expect.stringContaining('/proc'),
      })
    },
  )
})

test('a disk that does not say how large it is is not taken for a full one', async ({ skip }) => {
  skip(process.platform !== 'linux', 'other systems have no /proc')
  expect(await (await roomIn('/proc', 1)).free()).toBe(Number.POSITIVE_INFINITY)
  expect(await (await roomIn(parent, 1)).free()).toBeLessThan(Number.POSITIVE_INFINITY)
})
