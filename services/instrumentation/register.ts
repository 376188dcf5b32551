// node --import @telltale/instrumentation/register app.js
import { createRequire } from 'node:module'
import { diag, metrics, trace } from '@opentelemetry/api'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { stopAtExit } from './at-exit.ts'
import { ApiErrorInstrumentation } from './instrumentation.ts'

type NodeSdk = typeof import('@opentelemetry/sdk-node')

const instrumentation = new ApiErrorInstrumentation()

// Nothing here is waited for, so that --require takes it too.
if (isSdkRunning()) registerInstrumentations({ instrumentations: [instrumentation] })
else startSdk()

function isSdkRunning(): boolean {
  return tracerProvider().constructor.name !== 'NoopTracerProvider'
}

/** The class may be that of another copy of the API: it is told by what it can. */
function tracerProvider(): object {
  const provider = trace.getTracerProvider()
  return 'getDelegate' in provider ? (provider as { getDelegate(): object }).getDelegate() : provider
}

/** The SDK itself can only be shut down. */
async function flush(): Promise<void> {
  const providers: { forceFlush?(): Promise<void> }[] = [tracerProvider(), metrics.getMeterProvider()]
  await Promise.all(providers.map((provider) => provider.forceFlush?.()))
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
  stopAtExit({ flush, stop: () => sdk.shutdown() })
}
