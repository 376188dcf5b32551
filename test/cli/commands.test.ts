import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { afterAll, describe, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { createProgram } from '../../services/cli/program.ts'
import { telltale } from './run-cli.ts'

const cwd = mkdtempSync(join(tmpdir(), 'telltale-cli-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))
const run = (args: string[], env?: Record<string, string>) => telltale(args, { cwd, env })

/** What it prints before it is used wrongly or refused: all but the process around it. */
async function helpOf(...command: string[]): Promise<string> {
  let said = ''
  const program = createProgram({
    writeOut: (text) => {
      said += text
    },
  })
  await expect(program.parseAsync([...command, '--help'], { from: 'user' })).rejects.toMatchObject({
    code: 'commander.helpDisplayed',
  })
  return said
}

/** The words of each command, and of the commands below it. */
const wordsOf = ({ commands }: Command): string[][] =>
  commands.flatMap((one) => [[one.name()], ...wordsOf(one).map((words) => [one.name(), ...words])])

describe('help', () => {
  test.each([[[]], ...wordsOf(createProgram()).map((words) => [words])])(
    '%j --help has an example and fits 80 columns',
    async (command) => {
      const help = await helpOf(...command)
      expect(help).toMatch(/Examples?:\n {2}\$ [\s\S]*telltale /)
      for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    },
  )

  test.each([[[]], [['up']], [['catalog', 'gaps']]])(
    '%j --help is on stdout, and exits 0',
    async (command) => {
      const stdout = await helpOf(...command)
      expect(await run([...command, '--help'])).toEqual({ code: 0, stdout, stderr: '' })
    },
  )

  test('--version', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: '' })
  })
})

describe('wrong use', () => {
  test.each([
    [[], /Usage: telltale/],
    [['lokup', 'x'], /unknown command 'lokup'\n\(Did you mean lookup\?\)/],
    [['lookup'], /missing required argument 'request-id'/],
    [['codes', 'x', 'y'], /too many arguments/],
    [['up', '--prot', '1'], /unknown option '--prot'\n\(Did you mean --port\?\)/],
    [['up', '--port', 'banana'], /--port is "banana": give a port from 0 to 65535/],
    [['up', '--host', '0.0.0.0:80'], /--host is "0\.0\.0\.0:80": give an address/],
    [['token', 'create'], /required option '--scope <scope\.\.\.>'/],
    [['token', 'revoke'], /missing required argument 'id'/],
    [['lookup', 'x', '--url', 'telltale.example'], /--url is "telltale\.example"/],
  ])('%j exits 2 and says what is wrong, on stderr', async (args, said) => {
    const { code, stdout, stderr } = await run(args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(said)
  })
})

describe('telltale config', () => {
  test('prints every value and where it came from', async () => {
    writeFileSync(join(cwd, 'own.yaml'), 'otlp_port: 5000\nlimits: { cardinality: 500 }\n')
    const env = {
      TELLTALE_PORT: '9090',
      TELLTALE_TOKEN: 'tt_secret',
      TELLTALE_CLICKHOUSE_PASSWORD: 'hunter2',
    }
    const { code, stdout, stderr } = await run(['config', '--config', 'own.yaml', '--data', 'here'], env)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^data +here +flag$/m)
    expect(stdout).toMatch(/^port +9090 +TELLTALE_PORT$/m)
    expect(stdout).toMatch(/^otlp_port +5000 +own\.yaml$/m)
    expect(stdout).toMatch(/^limits\.cardinality +500 +own\.yaml$/m)
    expect(stdout).toMatch(/^host +127\.0\.0\.1 +default$/m)
    expect(stdout).toMatch(/^token +••••••/m)
    expect(stdout).not.toMatch(/secret|hunter2/)
    expect(stdout).not.toContain('\u001b')
  })

  test('--json', async () => {
    const { stdout } = await run(['config', '--json'], { TELLTALE_PORT: '9090' })
    expect(JSON.parse(stdout)).toContainEqual({ name: 'port', value: 9090, source: 'TELLTALE_PORT' })
  })

  test('tells all problems at once; exit 1, for no flag is at fault', async () => {
    writeFileSync(join(cwd, 'bad.yaml'), 'prot: 1\nretention: { errors: soon }\n')
    const { code, stderr } = await run(['up', '--config', 'bad.yaml'], { TELLTALE_PORT: 'banana' })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^telltale: 3 problems/)
    for (const said of [/TELLTALE_PORT is "banana"/, /retention\.errors in bad\.yaml/, /prot in bad\.yaml/]) {
      expect(stderr).toMatch(said)
    }
  })

  test('colour only when somebody wants it', async () => {
    expect((await run(['config'], { FORCE_COLOR: '1' })).stdout).toContain('\u001b[2m')
    expect((await run(['config'], { NO_COLOR: '1' })).stdout).not.toContain('\u001b')
  })
})
