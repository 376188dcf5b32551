import type { Reporter, TestCase, TestModule } from 'vitest/node'

/**
 * Closes a run with every skipped test and its reason, and one plain line for people and machines.
 * A test skipped without a reason fails the run: `context.skip(condition, 'why')` gives one.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const skipped = tests.filter((test) => test.result().state === 'skipped')
    const silent = skipped.filter((test) => reasonOf(test) === undefined)
    const passed = tests.filter((test) => test.result().state === 'passed')
    // What never became a test fails too: a file that does not load, a hook that throws, a stray rejection.
    const suites = modules.flatMap((module) => [...module.children.allSuites()])
    const broken = [...modules, ...suites].filter((suite) => suite.errors().length > 0)
    const failed = tests.length - passed.length - skipped.length + broken.length + unhandled.length

    const lines = skipped.map((test) => `skipped: ${nameOf(test)}: ${reasonOf(test) ?? 'NO REASON GIVEN'}`)
    if (silent.length > 0) {
      lines.push(`${silent.length} skipped without a reason: say why with context.skip('…')`)
      process.exitCode = 1
    }
    console.log(
      ['', ...lines, `${passed.length} passed, ${failed} failed, ${skipped.length} skipped`].join('\n'),
    )
  }
}

const nameOf = (test: TestCase): string => `${test.module.relativeModuleId} > ${test.fullName}`

function reasonOf(test: TestCase): string | undefined {
  const result = test.result()
  if (result.state === 'skipped' && result.note) return result.note
  for (let at: TestCase['parent'] = test.parent; at.type === 'suite'; at = at.parent) {
    if (at.errors().length > 0) return `the hooks of "${at.name}" failed`
  }
  return test.module.errors().length > 0 ? 'the hooks of its file failed' : undefined
}
