import type { OwnSpans, startOwnSpans } from './own-spans.ts'

/** Only here is the SDK loaded: it takes a quarter of a second and 15 MB, which nobody pays who does not ask for it. */
export async function ownSpans(options: Parameters<typeof startOwnSpans>[0]): Promise<OwnSpans> {
  const { startOwnSpans } = await import('./own-spans.ts').catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new Error(
      '--self needs the OpenTelemetry SDK, which this installation was made without. ' +
        'Install telltale with its optional dependencies, or leave --self out.',
    )
  })
  return startOwnSpans(options)
}
