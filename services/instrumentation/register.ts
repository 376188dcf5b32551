// node --import @telltale/instrumentation/register app.js
import { createRequire } from 'node:module'
import { diag, trace } from '@opentelemetry/api'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { stopAtExit } from './at-exit.ts'
import { ApiErrorInstrumentation } from './instrumentation.ts'

type NodeSdk = typeof import('@opentelemetry/sdk-node')

const instrumentation = new ApiErrorInstrumentation()

// Nothing here is waited for, so that --require takes it too.
if (isSdkRunning()) registerInstrumentations({ instrumentations: [instrumentation] })
else startSdk()

function isSdkRunning(): boolean {
  const provider = trace.getTracerProvider()
  // The class may be that of another copy of the API: it is told by what it can.
  const delegate =
    'getDelegate' in provider ? (provider as { getDelegate(): object }).getDelegate() : provider
  return delegate.constructor.name !== 'NoopTracerProvider'
}

/** It reads everything from OTEL_*. */
function startSdk(): void {
  let NodeSDK: NodeSdk['NodeSDK']
  try {
    ;({ NodeSDK } = createRequire(import.meta.url)('@opentelemetry/sdk-node') as NodeSdk)
  } catch (error) {
    console.error('@telltale/instrumentation/register sends nothing: npm install @opentelemetry/sdk-node')
    diag.error('@opentelemetry/sdk-node cannot be loaded', error)
    return
  }
  const sdk = new NodeSDK({ instrumentations: [instrumentation] })
  sdk.start()
  stopAtExit(() => sdk.shutdown())
}
